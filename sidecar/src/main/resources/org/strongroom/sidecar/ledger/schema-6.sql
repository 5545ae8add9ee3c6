-- Whose a study is now: of the tenant that it was given to last, else of the one that it was sealed for.
ALTER TABLE studies ADD COLUMN owner BLOB NOT NULL DEFAULT x'';
UPDATE studies SET owner = tenant;
CREATE INDEX studies_owner ON studies (owner);
-- To whom; x'' until the journal was looked through for it, at the next start.
ALTER TABLE assigned ADD COLUMN tenant BLOB NOT NULL DEFAULT x'';

-- The storage class that a copy was moved to by its age; null: that which it was put into.
ALTER TABLE copies ADD COLUMN class TEXT;
CREATE TABLE class_totals (
  tier INTEGER NOT NULL REFERENCES tiers,
  class TEXT NOT NULL,
  packs INTEGER NOT NULL,
  PRIMARY KEY (tier, class)
) WITHOUT ROWID;

CREATE TRIGGER classes_changed AFTER UPDATE OF class ON copies WHEN NEW.class IS NOT OLD.class BEGIN
  UPDATE class_totals SET packs = packs - 1 WHERE tier = OLD.tier AND class = OLD.class;
  INSERT INTO class_totals (tier, class, packs) SELECT NEW.tier, NEW.class, 1 WHERE NEW.class IS NOT NULL
    ON CONFLICT (tier, class) DO UPDATE SET packs = packs + 1;
END;

CREATE TRIGGER classes_dropped AFTER DELETE ON copies WHEN OLD.class IS NOT NULL BEGIN
  UPDATE class_totals SET packs = packs - 1 WHERE tier = OLD.tier AND class = OLD.class;
END;

-- What is made again, or purged, or goes to an archive class, is in that class no more.
CREATE TRIGGER classes_remade AFTER UPDATE OF state ON copies WHEN NEW.state IN (0, 6) AND NEW.class IS NOT NULL BEGIN
  UPDATE copies SET class = NULL WHERE pack = NEW.pack AND tier = NEW.tier;
END;

CREATE TRIGGER classes_archived AFTER UPDATE OF away ON copies WHEN NEW.away = 1 AND NEW.class IS NOT NULL BEGIN
  UPDATE copies SET class = NULL WHERE pack = NEW.pack AND tier = NEW.tier;
END;
