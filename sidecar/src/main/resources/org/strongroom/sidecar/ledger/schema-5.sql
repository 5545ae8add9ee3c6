-- Files that were sealed anew under another key, and what took their place, or that of one of their names: nobody gives them back.
CREATE TABLE succeeded (uuid BLOB NOT NULL, successor BLOB NOT NULL, PRIMARY KEY (uuid, successor)) WITHOUT ROWID;
