CREATE INDEX packs_created ON packs (created);

-- Sealed bytes that arrived here, by hours since 1970; what is found in a tier did not arrive here.
CREATE TABLE intake (hour INTEGER PRIMARY KEY, bytes INTEGER NOT NULL);
CREATE TRIGGER files_arrived AFTER INSERT ON files WHEN NEW.place = 1 BEGIN
  INSERT INTO intake (hour, bytes) VALUES (NEW.arrived / 3600000, NEW.head + NEW.body)
    ON CONFLICT (hour) DO UPDATE SET bytes = bytes + excluded.bytes;
END;

-- When every byte of a received copy was last known to be right: 0 never (found in the tier, not sent by this ledger), 1 while
-- it waits for the receipt of what was just sent, else milliseconds.
ALTER TABLE copies ADD COLUMN scrubbed INTEGER NOT NULL DEFAULT 0;
UPDATE copies SET scrubbed = coalesce(seen, 0) WHERE state = 4;
CREATE INDEX copies_scrub ON copies (tier, scrubbed, pack) WHERE state = 4;

-- Whether copies of what is planned from now on are to be made there.
ALTER TABLE tiers ADD COLUMN takes INTEGER NOT NULL DEFAULT 1;

-- How many packs a tier has in each state, and their bytes; kept by triggers, as the sums over files are.
CREATE TABLE tier_totals (
  tier INTEGER NOT NULL REFERENCES tiers,
  state INTEGER NOT NULL,
  packs INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  PRIMARY KEY (tier, state)
) WITHOUT ROWID;
INSERT INTO tier_totals (tier, state, packs, bytes)
  SELECT c.tier, c.state, count(*), sum(p.bytes) FROM copies c JOIN packs p ON p.id = c.pack GROUP BY c.tier, c.state;

CREATE TRIGGER copies_added AFTER INSERT ON copies BEGIN
  INSERT INTO tier_totals (tier, state, packs, bytes) VALUES (NEW.tier, NEW.state, 1, (SELECT bytes FROM packs WHERE id = NEW.pack))
    ON CONFLICT (tier, state) DO UPDATE SET packs = packs + 1, bytes = bytes + excluded.bytes;
END;

CREATE TRIGGER copies_dropped AFTER DELETE ON copies BEGIN
  UPDATE tier_totals SET packs = packs - 1, bytes = bytes - (SELECT bytes FROM packs WHERE id = OLD.pack)
    WHERE tier = OLD.tier AND state = OLD.state;
END;

CREATE TRIGGER copies_changed AFTER UPDATE OF state ON copies WHEN NEW.state != OLD.state BEGIN
  UPDATE tier_totals SET packs = packs - 1, bytes = bytes - (SELECT bytes FROM packs WHERE id = OLD.pack)
    WHERE tier = OLD.tier AND state = OLD.state;
  INSERT INTO tier_totals (tier, state, packs, bytes) VALUES (NEW.tier, NEW.state, 1, (SELECT bytes FROM packs WHERE id = NEW.pack))
    ON CONFLICT (tier, state) DO UPDATE SET packs = packs + 1, bytes = bytes + excluded.bytes;
END;

-- Copies that are, or may be, in an archive class; all of it can be asked of the tier again. state: 0 its companion is there, and it
-- can be read; 1 archived; 2 being brought back; 3 back, and to be fetched; 4 back. wanted: whether it is fetched when it is back.
CREATE TABLE archived (
  pack INTEGER NOT NULL REFERENCES packs,
  tier INTEGER NOT NULL REFERENCES tiers,
  state INTEGER NOT NULL,
  wanted INTEGER NOT NULL DEFAULT 0,
  asked INTEGER,
  ready INTEGER,
  until INTEGER,
  looked INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (pack, tier)
) WITHOUT ROWID;
CREATE INDEX archived_moving ON archived (pack) WHERE state > 1;
CREATE INDEX archived_looked ON archived (tier, looked, pack) WHERE state > 0;

-- Whether a copy is in an archive class; such ones are not read again and again.
ALTER TABLE copies ADD COLUMN away INTEGER NOT NULL DEFAULT 0;
DROP INDEX copies_scrub;
CREATE INDEX copies_scrub ON copies (tier, scrubbed, pack) WHERE state = 4 AND away = 0;

CREATE TABLE archive_totals (
  tier INTEGER NOT NULL REFERENCES tiers,
  state INTEGER NOT NULL,
  packs INTEGER NOT NULL,
  PRIMARY KEY (tier, state)
) WITHOUT ROWID;

CREATE TRIGGER archived_added AFTER INSERT ON archived BEGIN
  UPDATE copies SET away = (NEW.state > 0) WHERE pack = NEW.pack AND tier = NEW.tier;
  INSERT INTO archive_totals (tier, state, packs) VALUES (NEW.tier, NEW.state, 1)
    ON CONFLICT (tier, state) DO UPDATE SET packs = packs + 1;
END;

CREATE TRIGGER archived_dropped AFTER DELETE ON archived BEGIN
  UPDATE copies SET away = 0 WHERE pack = OLD.pack AND tier = OLD.tier;
  UPDATE archive_totals SET packs = packs - 1 WHERE tier = OLD.tier AND state = OLD.state;
END;

CREATE TRIGGER archived_changed AFTER UPDATE OF state ON archived WHEN NEW.state != OLD.state BEGIN
  UPDATE copies SET away = (NEW.state > 0) WHERE pack = NEW.pack AND tier = NEW.tier;
  UPDATE archive_totals SET packs = packs - 1 WHERE tier = OLD.tier AND state = OLD.state;
  INSERT INTO archive_totals (tier, state, packs) VALUES (NEW.tier, NEW.state, 1)
    ON CONFLICT (tier, state) DO UPDATE SET packs = packs + 1;
END;

CREATE TRIGGER archived_copy_dropped AFTER DELETE ON copies BEGIN
  DELETE FROM archived WHERE pack = OLD.pack AND tier = OLD.tier;
END;

CREATE TRIGGER archived_copy_gone AFTER UPDATE OF state ON copies WHEN NEW.state IN (0, 6) BEGIN
  DELETE FROM archived WHERE pack = NEW.pack AND tier = NEW.tier;
END;

-- Until when the store said that nobody can delete a copy; 0 if it was not asked.
ALTER TABLE copies ADD COLUMN locked INTEGER NOT NULL DEFAULT 0;
CREATE INDEX copies_locked ON copies (tier, locked, pack) WHERE state = 4;

-- Names of sealed files that have more than one, their own among them; a file is removed when all of its names are.
CREATE TABLE names (name BLOB PRIMARY KEY, uuid BLOB NOT NULL, removed INTEGER) WITHOUT ROWID;
CREATE INDEX names_uuid ON names (uuid);

-- When a study's files were taken in that had arrived long before, as what was sealed of the time before Strongroom: it is packed when
-- no more of them come.
ALTER TABLE studies ADD COLUMN taken INTEGER NOT NULL DEFAULT 0;

-- When the newest member of a pack arrived.
ALTER TABLE packs ADD COLUMN arrived INTEGER NOT NULL DEFAULT 0;
UPDATE packs SET arrived = created;

-- What is under a hold: ids of keys and tenants, as the journal names them.
CREATE TABLE held (id BLOB NOT NULL, hold BLOB NOT NULL, PRIMARY KEY (id, hold)) WITHOUT ROWID;
CREATE INDEX held_hold ON held (hold);
CREATE INDEX files_removed_unpacked ON files (study) WHERE place = 1 AND planned = 0 AND removed IS NOT NULL;

-- Copies on disks that are carried to their tier (state 7); Home/seeds has their plans.
CREATE INDEX copies_seeded ON copies (tier, pack) WHERE state = 7;

-- Of the files, those that are images: what Orthanc attaches to studies and series is none. Bytes 92 to 96 of the header (format.md §3.1).
ALTER TABLE totals ADD COLUMN instances INTEGER NOT NULL DEFAULT 0;
UPDATE totals SET instances = (SELECT count(*) FROM files f WHERE f.place = totals.place
  AND (f.removed IS NOT NULL) = totals.removed AND substr(f.header, 93, 4) = x'00000001');

CREATE TRIGGER instances_added AFTER INSERT ON files WHEN substr(NEW.header, 93, 4) = x'00000001' BEGIN
  UPDATE totals SET instances = instances + 1 WHERE place = NEW.place AND removed = (NEW.removed IS NOT NULL);
END;

CREATE TRIGGER instances_dropped AFTER DELETE ON files WHEN substr(OLD.header, 93, 4) = x'00000001' BEGIN
  UPDATE totals SET instances = instances - 1 WHERE place = OLD.place AND removed = (OLD.removed IS NOT NULL);
END;

CREATE TRIGGER instances_changed AFTER UPDATE OF place, removed ON files WHEN substr(NEW.header, 93, 4) = x'00000001' BEGIN
  UPDATE totals SET instances = instances - 1 WHERE place = OLD.place AND removed = (OLD.removed IS NOT NULL);
  UPDATE totals SET instances = instances + 1 WHERE place = NEW.place AND removed = (NEW.removed IS NOT NULL);
END;

-- When the last hold on a key or a tenant ended: what was removed meanwhile has a grace from then on.
CREATE TABLE released (id BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;

-- Keys that the journal says are destroyed, and which tiers hold nothing any more that one of them sealed, nor a bundle with it.
CREATE TABLE destroyed (key BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE erased (
  key BLOB NOT NULL,
  tier INTEGER NOT NULL REFERENCES tiers,
  PRIMARY KEY (key, tier)
) WITHOUT ROWID;

CREATE INDEX studies_tenant ON studies (tenant);

-- What was deleted for good lately, of whatever cause; and whether a pack was counted in it, which it is when its first copy goes.
CREATE TABLE deletions (at INTEGER NOT NULL, images INTEGER NOT NULL);
ALTER TABLE packs ADD COLUMN charged INTEGER NOT NULL DEFAULT 0;
-- Whether it was a damaged copy that is made again from a good one: these are counted by themselves.
ALTER TABLE deletions ADD COLUMN repair INTEGER NOT NULL DEFAULT 0;
