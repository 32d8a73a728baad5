/**
 * The tables of who holds what, as a rung of the ladder in schema.ts.
 *
 * - `receipt`: the newest word of each member, as it was signed.
 * - `holder`: what a member holds of a log of ours; `ranges` in JSON, `[[1,20],[22,22]]`.
 */
export const receiptTables: string = `
  CREATE TABLE receipt (
    room INTEGER NOT NULL,
    author BLOB NOT NULL,
    signed BLOB NOT NULL,
    signature BLOB NOT NULL,
    PRIMARY KEY (room, author)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE holder (
    room INTEGER NOT NULL,
    log BLOB NOT NULL,
    peer BLOB NOT NULL,
    ranges TEXT NOT NULL,
    PRIMARY KEY (room, log, peer)
  ) STRICT, WITHOUT ROWID;
  `;
