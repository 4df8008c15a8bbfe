import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { type FoldingSetup, settle } from './folding.ts';

const { file, state } = workerData as FoldingSetup;

parentPort!.on('message', () => {
  try {
    const db = new Database(file, { fileMustExist: true });
    try {
      db.pragma('wal_checkpoint(PASSIVE)');
    } finally {
      db.close();
    }
  } catch {
    // The disk is full, or fails: who writes the log finds that out and says so.
  } finally {
    settle(state);
  }
});
