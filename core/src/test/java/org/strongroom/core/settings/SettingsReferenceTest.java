package org.strongroom.core.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The committed schema and reference are what the code says; {@code -Dstrongroom.write=true} writes them anew. */
class SettingsReferenceTest {
    @Test
    void theSchemaIsUpToDate() throws IOException {
        compare(Path.of("../orthanc-config/strongroom.schema.json"), SettingsTree.schema());
    }

    @Test
    void theReferenceIsUpToDate() throws IOException {
        compare(Path.of("../docs/settings.md"), SettingsTree.reference());
    }

    @Test
    void everyNameAndDefaultIsAsPromised() {
        assertThat(SettingsTree.defaults())
                .isEqualTo(
                        """
                        Home = **required**
                        RootKey.PassphraseFile = another source
                        RootKey.KeyFile = another source
                        RootKey.Pkcs11.Library = **required**
                        RootKey.Pkcs11.Token = **required**
                        RootKey.Pkcs11.Key = `strongroom`
                        RootKey.Pkcs11.PinFile = PinEnv is used
                        RootKey.Pkcs11.PinEnv = PinFile is used
                        RootKey.Vault.Endpoint = **required**
                        RootKey.Vault.Mount = `transit`
                        RootKey.Vault.Key = `strongroom`
                        RootKey.Vault.Namespace = none
                        RootKey.Vault.TokenFile = TokenEnv is used
                        RootKey.Vault.TokenEnv = TokenFile is used
                        RootKey.Vault.AuthorityFile = those that Java knows
                        RootKey.AwsKms.Key = **required**
                        RootKey.AwsKms.Region = **required**
                        RootKey.AwsKms.Endpoint = https://kms.REGION.amazonaws.com
                        RootKey.AwsKms.CredentialsFile = **required**
                        RootKey.AwsKms.Profile = `default`
                        RecoveryKit.ProveEvery = `365 days`
                        RecoveryKit.DrillEvery = nobody is reminded
                        Tiers.NAME.Directory = another kind of tier
                        Tiers.NAME.AllowSameDisk = `false`
                        Tiers.NAME.S3.Bucket = **required**
                        Tiers.NAME.S3.Endpoint = AWS
                        Tiers.NAME.S3.Region = `us-east-1`
                        Tiers.NAME.S3.PathStyle = `false`
                        Tiers.NAME.S3.CredentialsFile = the usual chain: environment, ~/.aws, machine role
                        Tiers.NAME.S3.Profile = `default`
                        Tiers.NAME.S3.StorageClass = the bucket's default
                        Tiers.NAME.S3.Prefix = nothing
                        Tiers.NAME.S3.Lock.Mode = `governance`
                        Tiers.NAME.S3.Lock.Period = `30 days`
                        Tiers.NAME.S3.DeleterCredentialsFile = CredentialsFile
                        Tiers.NAME.S3.DeleterProfile = `default`
                        Tiers.NAME.S3.AuditCredentialsFile = CredentialsFile
                        Tiers.NAME.S3.Proxy.Address = **required**
                        Tiers.NAME.S3.Proxy.CredentialsFile = the proxy asks for nothing
                        Tiers.NAME.S3.Insecure = `false`
                        Tiers.NAME.Azure.Container = **required**
                        Tiers.NAME.Azure.Endpoint = https://ACCOUNT.blob.core.windows.net
                        Tiers.NAME.Azure.Account = **required**
                        Tiers.NAME.Azure.KeyFile = **required**
                        Tiers.NAME.Azure.DeleterKeyFile = KeyFile
                        Tiers.NAME.Azure.AccessTier = the account's default
                        Tiers.NAME.Azure.Prefix = nothing
                        Tiers.NAME.Azure.Proxy.Address = **required**
                        Tiers.NAME.Azure.Proxy.CredentialsFile = the proxy asks for nothing
                        Tiers.NAME.Azure.Insecure = `false`
                        Tiers.NAME.Archive.StorageClass = **required**
                        Tiers.NAME.Archive.After = **required**
                        Tiers.NAME.Archive.BackFor = `3 days`
                        Tiers.NAME.Archive.ByRule = `false`
                        Tiers.NAME.ClassesByAge[].StorageClass = **required**
                        Tiers.NAME.ClassesByAge[].After = **required**
                        Tiers.NAME.Jurisdiction = unknown
                        Tiers.NAME.Provider = unknown
                        Tiers.NAME.Agreement.With = there is none: Waived says why
                        Tiers.NAME.Agreement.Signed = unknown
                        Tiers.NAME.Agreement.Until = it has no end
                        Tiers.NAME.Agreement.Document = unknown
                        Tiers.NAME.Agreement.Waived = one is made, With somebody
                        Tiers.NAME.Agreement.By = nothing is waived
                        Copies = all tiers
                        RequireAgreements = `false`
                        Tenants.NAME.Jurisdictions = any
                        Tenants.NAME.Tiers = all tiers
                        Tenants.NAME.Copies = Copies of all tenants
                        Tenants.NAME.Sources.AETs = none
                        Tenants.NAME.Sources.Addresses = none
                        Tenants.NAME.Sources.CalledAETs = none
                        Tenants.NAME.Sources.Users = each user's own tenant
                        Tenants.NAME.Sources.Tags = none
                        Tenants.NAME.Destinations = the titles in Sources.AETs
                        Tenants.NAME.Peers = none
                        Tenants.NAME.Laws = Retention.Laws
                        Access.Users.NAME.Tenants = none
                        Access.Users.NAME.Roles = nothing
                        Access.Users.NAME.PasswordFile = another source
                        Access.Users.NAME.PasswordEnv = another source
                        Access.Users.NAME.PasswordHashFile = another source
                        Access.Users.NAME.PasswordHashEnv = another source
                        Access.Users.NAME.ReferringPhysician = none
                        Access.Users.NAME.AETs = none: they have the rights of their tenant's radiologists
                        Access.UsersFile = Users are all there are
                        Access.Directory.Servers = **required**
                        Access.Directory.StartTls = `false`
                        Access.Directory.Authorities = those that Java knows
                        Access.Directory.BindDN = nobody in particular (anonymous)
                        Access.Directory.BindPasswordFile = BindPasswordEnv is used
                        Access.Directory.BindPasswordEnv = BindPasswordFile is used
                        Access.Directory.Base = **required**
                        Access.Directory.Name = `uid`
                        Access.Directory.Filter = `(objectClass=person)`
                        Access.Directory.GroupBase = the user's attribute memberOf says which
                        Access.Directory.GroupFilter = `(member={dn})`
                        Access.Directory.Groups[].Group = **required**
                        Access.Directory.Groups[].Roles = nothing
                        Access.Directory.Groups[].Tenants = none
                        Access.Directory.ReferringPhysician = no patient is a directory user's own
                        Access.Directory.Timeout = `5 s`
                        Access.Directory.Recheck = `15 min`
                        Access.Directory.Outage = `1 h`
                        Access.OpenIdConnect.Issuer = **required**
                        Access.OpenIdConnect.Authorities = those that Java knows
                        Access.OpenIdConnect.ClientId = **required**
                        Access.OpenIdConnect.ClientSecretFile = ClientSecretEnv is used; without both it is a public client, which has none
                        Access.OpenIdConnect.ClientSecretEnv = ClientSecretFile is used
                        Access.OpenIdConnect.Button = `Log in with the clinic's account`
                        Access.OpenIdConnect.Scopes = `openid profile`
                        Access.OpenIdConnect.Name = `preferred_username`
                        Access.OpenIdConnect.GroupsClaim = `groups`
                        Access.OpenIdConnect.Groups[].Group = **required**
                        Access.OpenIdConnect.Groups[].Roles = nothing
                        Access.OpenIdConnect.Groups[].Tenants = none
                        Access.OpenIdConnect.ReferringPhysician = no patient is such a user's own
                        Access.OpenIdConnect.Timeout = `5 s`
                        Access.OpenIdConnect.Valid = `12 h`
                        Access.Roles.NAME.Permissions = nothing
                        Access.Roles.NAME.OwnPatientsOnly = `false`
                        Access.Routes[].Path = **required**
                        Access.Routes[].Methods = GET
                        Access.Routes[].Permission = **required**
                        Access.UnknownSources = `quarantine`
                        Access.Login.Idle = `30 min`
                        Access.Login.Absolute = `12 h`
                        Access.Login.SecondFactor = only who has set one up is asked for it
                        Access.Login.Basic = none
                        Access.Login.Tokens = `365 days`
                        Access.Login.Policy = nothing is asked
                        Access.Login.PolicyPeriod = `365 days`
                        Access.Login.Address = no security keys
                        Access.Login.Proxies = nobody is believed
                        Access.Login.Insecure = `false`
                        Access.Emergency = `4 h`
                        Access.Share.Usual = `7 days`
                        Access.Share.Longest = `30 days`
                        SpoolMirror = no second copy
                        KeepHeads = `true`
                        Pack.Quiet = `90 s`
                        Pack.MaxSize = `1 GiB`
                        Uplink.Limit = `unlimited`
                        Uplink.Timetable[].Days = `daily`
                        Uplink.Timetable[].From = **required**
                        Uplink.Timetable[].To = **required**
                        Uplink.Timetable[].Limit = **required**
                        Uplink.TimeZone = this machine's
                        Cache.HighWater = `85 %`
                        Cache.LowWater = `75 %`
                        Cache.Reserve = `1 %`
                        Alerts.Command = none is run
                        Alerts.Webhook = nothing is posted
                        Forget.Grace = `30 days`
                        Forget.DailyLimit = `1000`
                        ClearFiles.Seal = `true`
                        Retention.Laws = only Rules; what no rule is about stays
                        Retention.Rules.NAME.Reason = **required**
                        Retention.Rules.NAME.Text = unknown
                        Retention.Rules.NAME.Effective = it counts at once
                        Retention.Rules.NAME.Years = **required**
                        Retention.Rules.NAME.From = `study`
                        Retention.Rules.NAME.Modalities = all
                        Retention.Rules.NAME.Except = none are left out
                        Retention.Rules.NAME.Purpose = for whatever
                        Retention.Rules.NAME.Tenants = all
                        Retention.Rules.NAME.FromAge = of all ages
                        Retention.Rules.NAME.Under = of all ages
                        Retention.Approvers = nothing is erased
                        Retention.Grace = `30 days`
                        Retention.DailyLimit = `50`
                        Scrub.Enabled = `true`
                        Scrub.Period = `90 days`
                        Scrub.DailyLimit = `10 GB`
                        Snapshots.Enabled = `true`
                        Snapshots.Every = `24 h`
                        Snapshots.Keep = `7`
                        Audit.CheckpointEvents = `1000`
                        Audit.CheckpointInterval = `30 s`
                        Audit.AnchorInterval = `4 min`
                        Audit.AnchorAlarm = `1 h`
                        Audit.Keep = for ever
                        Audit.Stations = true with users, else false
                        Audit.Forward.NAME.Address = **required**
                        Audit.Forward.NAME.From = `now`
                        Audit.Forward.NAME.Alarm = `1 h`
                        Audit.Forward.NAME.Authorities = those that Java knows
                        Audit.Forward.NAME.Certificate = none is shown
                        Audit.Forward.NAME.CertificateKey = none
                        Audit.Forward.NAME.TokenFile = none
                        Audit.Forward.NAME.TokenEnv = none
                        Audit.Witnesses.NAME.Address = **required**
                        Audit.Witnesses.NAME.Key = **required**
                        Audit.Witnesses.NAME.Alarm = `1 h`
                        Read.Deadline = `60 s`
                        Read.ColdRequests = half of Orthanc's HttpThreadsCount
                        Read.ReadAhead = `true`
                        Sidecar.Autostart = `true`
                        Sidecar.Heap = `128 MB`
                        Sidecar.JavaHome = JAVA_HOME, else the system's Java
                        Java.Library = JAVA_HOME, else the system's Java
                        Java.Heap = `160 MB`
                        AllowRecycling = `false`
                        TcpNoDelay = `true`
                        """);
    }

    private static void compare(Path committed, String generated) throws IOException {
        if (Boolean.getBoolean("strongroom.write")) {
            Files.writeString(committed, generated);
        }
        assertThat(committed).content().isEqualTo(generated);
    }
}
