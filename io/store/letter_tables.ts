/**
 * The tables of what this machine keeps for its person alone, as a rung of the ladder in
 * schema.ts.
 *
 * - `letter`: the plaintext of a sealed post of ours or for us. It repeats what is shown of the
 *   post, so that it stays readable when the post is pruned. `author` is the peer or ourselves,
 *   `content` as in wire/sealed.ts.
 * - `letter_marker`: up to where a chat has been read.
 * - `sealing_key`: own X25519 keys; what is deleted here cannot be opened any more.
 * - `person`: what was decided about somebody.
 */
export const letterTables: string = `
  CREATE TABLE letter (
    hash BLOB PRIMARY KEY,
    room INTEGER NOT NULL,
    peer BLOB NOT NULL,
    author BLOB NOT NULL,
    seq INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    arrived_ms INTEGER NOT NULL,
    content BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX letter_time ON letter (peer, ms, counter, hash);

  CREATE TABLE letter_marker (
    peer BLOB PRIMARY KEY,
    ms INTEGER NOT NULL,
    counter INTEGER NOT NULL,
    hash BLOB NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE sealing_key (
    public BLOB PRIMARY KEY,
    secret BLOB NOT NULL,
    made_ms INTEGER NOT NULL,
    aged_ms INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE person (
    peer BLOB PRIMARY KEY,
    accepted INTEGER NOT NULL,
    blocked INTEGER NOT NULL,
    verified INTEGER NOT NULL,
    petname TEXT
  ) STRICT, WITHOUT ROWID;
  `;

/** A further rung: `person.verified_name` is how somebody was called when verified. */
export const verifiedNames: string = "ALTER TABLE person ADD COLUMN verified_name TEXT;";
