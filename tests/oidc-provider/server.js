// A certified OpenID Connect provider for the tests, on 127.0.0.1: server.js PORT REDIRECT. People log in by name with any password;
// PEOPLE (JSON) says which groups they are in. Keys are made anew at each start, so a restart rotates them.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import Provider from "oidc-provider";

const [port, redirect] = process.argv.slice(2);
const people = JSON.parse(process.env.PEOPLE);
const key = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export({ format: "jwk" });
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "strongroom",
      client_secret: process.env.CLIENT_SECRET,
      redirect_uris: [redirect],
      grant_types: ["authorization_code"],
      response_types: ["code"],
    },
  ],
  jwks: { keys: [{ ...key, use: "sig", kid: randomBytes(8).toString("hex") }] },
  cookies: { keys: [randomBytes(32).toString("hex")] },
  claims: { openid: ["sub"], profile: ["preferred_username", "groups"] },
  conformIdTokenClaims: process.env.USERINFO === "true", // then groups are at the userinfo address only
  pkce: { required: () => true },
  async findAccount(ctx, name) {
    return {
      accountId: name,
      claims: async () => ({ sub: `id-of-${name}`, preferred_username: name, groups: people[name] ?? [] }),
    };
  },
});
provider.listen(Number(port), "127.0.0.1");
