-- Until when a study goes first, because somebody said so; 0: it does not.
ALTER TABLE studies ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
CREATE INDEX studies_urgent ON studies (urgent) WHERE urgent > 0;
