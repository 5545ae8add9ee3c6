-- Whose a study is now: of the tenant that it was given to last, else of the one that it was sealed for.
ALTER TABLE studies ADD COLUMN owner BLOB NOT NULL DEFAULT x'';
UPDATE studies SET owner = tenant;
CREATE INDEX studies_owner ON studies (owner);
ALTER TABLE assigned ADD COLUMN tenant BLOB NOT NULL DEFAULT x'';
-- To whom these were given the journal tells: it is read once more.
DELETE FROM meta WHERE name = 'journal' AND EXISTS (SELECT 1 FROM assigned);
