CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE studies (
  id INTEGER PRIMARY KEY,
  key BLOB NOT NULL UNIQUE,
  tenant BLOB NOT NULL,
  arrived INTEGER NOT NULL,
  used INTEGER NOT NULL,
  waiting INTEGER NOT NULL DEFAULT 0,
  waiting_bytes INTEGER NOT NULL DEFAULT 0,
  cached INTEGER NOT NULL DEFAULT 0,
  cached_bytes INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX studies_waiting ON studies (arrived) WHERE waiting > 0;
CREATE INDEX studies_cached ON studies (used) WHERE cached > 0;

-- place: 0 nowhere on this machine, 1 spool, 2 cache, 3 cache, head only
CREATE TABLE files (
  id INTEGER PRIMARY KEY,
  uuid BLOB NOT NULL UNIQUE,
  study INTEGER NOT NULL REFERENCES studies,
  place INTEGER NOT NULL,
  planned INTEGER NOT NULL,
  header BLOB NOT NULL,
  head INTEGER NOT NULL,
  body INTEGER NOT NULL,
  plain INTEGER NOT NULL,
  arrived INTEGER NOT NULL,
  removed INTEGER,
  returned INTEGER
);
CREATE INDEX files_study ON files (study);
CREATE INDEX files_spool ON files (uuid) WHERE place = 1;
CREATE INDEX files_waiting ON files (study) WHERE place = 1 AND planned = 0 AND removed IS NULL;
CREATE INDEX files_backlog ON files (arrived) WHERE place = 1 AND removed IS NULL;
CREATE INDEX files_cached ON files (study) WHERE place = 2;
CREATE INDEX files_lost ON files (id) WHERE place = 0 AND planned = 0 AND removed IS NULL;
CREATE INDEX files_removed ON files (removed) WHERE removed IS NOT NULL;

CREATE TABLE packs (
  id INTEGER PRIMARY KEY,
  pack BLOB NOT NULL UNIQUE,
  study INTEGER NOT NULL REFERENCES studies,
  members INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  digest BLOB NOT NULL,
  created INTEGER NOT NULL,
  settled INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX packs_study ON packs (study);
CREATE INDEX packs_unsettled ON packs (id) WHERE settled = 0;

CREATE TABLE members (
  pack INTEGER NOT NULL REFERENCES packs,
  position INTEGER NOT NULL,
  file INTEGER NOT NULL REFERENCES files,
  body_offset INTEGER NOT NULL,
  head_offset INTEGER NOT NULL,
  body_digest BLOB NOT NULL,
  head_digest BLOB NOT NULL,
  PRIMARY KEY (pack, position)
) WITHOUT ROWID;
CREATE INDEX members_file ON members (file);

CREATE TABLE tiers (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, listed INTEGER NOT NULL DEFAULT 0);

-- state: 0 queued, 1 uploading, 2 uploaded, 3 checked, 4 received, 5 suspect, 6 purged
CREATE TABLE copies (
  pack INTEGER NOT NULL REFERENCES packs,
  tier INTEGER NOT NULL REFERENCES tiers,
  state INTEGER NOT NULL,
  upload TEXT,
  bundle TEXT,
  seen INTEGER,
  PRIMARY KEY (pack, tier)
) WITHOUT ROWID;
CREATE INDEX copies_open ON copies (tier, pack) WHERE state < 4;
CREATE INDEX copies_suspect ON copies (tier, pack) WHERE state = 5;

CREATE TABLE parts (
  pack INTEGER NOT NULL,
  tier INTEGER NOT NULL,
  number INTEGER NOT NULL,
  size INTEGER NOT NULL,
  tag TEXT NOT NULL,
  PRIMARY KEY (pack, tier, number)
) WITHOUT ROWID;

CREATE TABLE keys (key BLOB PRIMARY KEY, segment INTEGER NOT NULL, position INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE bundles (
  tier INTEGER NOT NULL REFERENCES tiers,
  segment INTEGER NOT NULL,
  records INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (tier, segment, records)
) WITHOUT ROWID;

CREATE TABLE journal_copies (
  tier INTEGER NOT NULL REFERENCES tiers,
  name TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (tier, name)
) WITHOUT ROWID;

CREATE TABLE tombstones (uuid BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE totals (
  place INTEGER NOT NULL,
  removed INTEGER NOT NULL,
  files INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  heads INTEGER NOT NULL DEFAULT 0,
  plain INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (place, removed)
) WITHOUT ROWID;
INSERT INTO totals (place, removed) VALUES (0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1), (3, 0), (3, 1);

-- Sums are kept by triggers, so that status costs the same with ten files and ten million.
CREATE TRIGGER files_added AFTER INSERT ON files BEGIN
  UPDATE totals SET files = files + 1, bytes = bytes + NEW.head + NEW.body, heads = heads + NEW.head, plain = plain + NEW.plain
    WHERE place = NEW.place AND removed = (NEW.removed IS NOT NULL);
  UPDATE studies SET
    arrived = max(arrived, NEW.arrived),
    waiting = waiting + (NEW.place = 1 AND NEW.planned = 0 AND NEW.removed IS NULL),
    waiting_bytes = waiting_bytes + (NEW.place = 1 AND NEW.planned = 0 AND NEW.removed IS NULL) * (NEW.head + NEW.body),
    cached = cached + (NEW.place = 2),
    cached_bytes = cached_bytes + (NEW.place = 2) * (NEW.head + NEW.body)
    WHERE id = NEW.study;
END;

CREATE TRIGGER files_dropped AFTER DELETE ON files BEGIN
  UPDATE totals SET files = files - 1, bytes = bytes - OLD.head - OLD.body, heads = heads - OLD.head, plain = plain - OLD.plain
    WHERE place = OLD.place AND removed = (OLD.removed IS NOT NULL);
  UPDATE studies SET
    waiting = waiting - (OLD.place = 1 AND OLD.planned = 0 AND OLD.removed IS NULL),
    waiting_bytes = waiting_bytes - (OLD.place = 1 AND OLD.planned = 0 AND OLD.removed IS NULL) * (OLD.head + OLD.body),
    cached = cached - (OLD.place = 2),
    cached_bytes = cached_bytes - (OLD.place = 2) * (OLD.head + OLD.body)
    WHERE id = OLD.study;
END;

CREATE TRIGGER files_changed AFTER UPDATE OF place, planned, removed ON files BEGIN
  UPDATE totals SET files = files - 1, bytes = bytes - OLD.head - OLD.body, heads = heads - OLD.head, plain = plain - OLD.plain
    WHERE place = OLD.place AND removed = (OLD.removed IS NOT NULL);
  UPDATE totals SET files = files + 1, bytes = bytes + NEW.head + NEW.body, heads = heads + NEW.head, plain = plain + NEW.plain
    WHERE place = NEW.place AND removed = (NEW.removed IS NOT NULL);
  UPDATE studies SET
    waiting = waiting + (NEW.place = 1 AND NEW.planned = 0 AND NEW.removed IS NULL)
      - (OLD.place = 1 AND OLD.planned = 0 AND OLD.removed IS NULL),
    waiting_bytes = waiting_bytes + ((NEW.place = 1 AND NEW.planned = 0 AND NEW.removed IS NULL)
      - (OLD.place = 1 AND OLD.planned = 0 AND OLD.removed IS NULL)) * (NEW.head + NEW.body),
    cached = cached + (NEW.place = 2) - (OLD.place = 2),
    cached_bytes = cached_bytes + ((NEW.place = 2) - (OLD.place = 2)) * (NEW.head + NEW.body)
    WHERE id = NEW.study;
END;
