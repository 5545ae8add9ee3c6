CREATE INDEX packs_created ON packs (created);

-- Sealed bytes that arrived here, by hours since 1970; what is found in a tier did not arrive here.
CREATE TABLE intake (hour INTEGER PRIMARY KEY, bytes INTEGER NOT NULL);
CREATE TRIGGER files_arrived AFTER INSERT ON files WHEN NEW.place = 1 BEGIN
  INSERT INTO intake (hour, bytes) VALUES (NEW.arrived / 3600000, NEW.head + NEW.body)
    ON CONFLICT (hour) DO UPDATE SET bytes = bytes + excluded.bytes;
END;
