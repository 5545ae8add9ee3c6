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
