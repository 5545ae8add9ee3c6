-- Keys of studies that the journal gives to a tenant: whoever they were sealed for, they are that one's now.
CREATE TABLE assigned (key BLOB PRIMARY KEY) WITHOUT ROWID;
