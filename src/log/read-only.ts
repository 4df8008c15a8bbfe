import Database from 'better-sqlite3';

/**
 * Opens a SQLite file to read it. When whoever wrote to it was killed within a transaction, its rollback journal lies beside it, and
 * nobody can read the file until that is rolled back; a connection that only reads may not do so. It is rolled back here then.
 *
 * @throws what SQLite says, such as `SQLITE_CANTOPEN`, or `SQLITE_READONLY` when there is a journal and the file cannot be written to
 * @see https://sqlite.org/lockingv3.html#hot_journals
 */
export function openReadOnly(file: string): Database.Database {
  const open = (readonly: boolean): Database.Database => {
    const db = new Database(file, { readonly, fileMustExist: true });
    try {
      db.prepare('SELECT 1 FROM sqlite_schema').get();
      return db;
    } catch (error) {
      db.close();
      throw error;
    }
  };
  try {
    return open(true);
  } catch (error) {
    if (!(error instanceof Database.SqliteError) || error.code !== 'SQLITE_READONLY_ROLLBACK') throw error;
    open(false).close();
    return open(true);
  }
}
