import { describe, expect, it } from 'vitest';
import type { Job } from '../../../src/backends/cluster/job.ts';
import { JobBook } from '../../../src/backends/cluster/job-book.ts';

/** A book whose jobs are in the engine as soon as they may be, each by the next number. */
class TestBook {
  readonly sent: number[] = [];
  readonly book: JobBook;
  #seq = 0;

  constructor() {
    this.book = new JobBook({
      send: (job) => {
        this.sent.push(job.id);
        this.book.sent(job, ++this.#seq);
      },
      remove: () => {},
      cancel: () => {},
      redelivered: () => {},
    });
    this.book.limit(10, true);
  }

  add(): Job {
    const job = this.book.add(this, new Uint8Array());
    job.answer.promise.catch(() => {});
    return job;
  }

  /** A worker says that it is at these jobs, and at no other. */
  at(worker: string, ...jobs: Job[]): void {
    this.book.atWork(
      worker,
      jobs.map(({ id }) => [id, 1] as const),
    );
  }

  /** A worker takes up a job, and cannot do it. */
  fault(worker: string, job: Job): void {
    this.at(worker, job);
    this.book.handedBack({ id: worker, epoch: 1, job: job.id, fault: 'no space left' });
  }

  /** A worker takes up a job, and is not heard of any more. */
  die(worker: string, job: Job): void {
    this.at(worker, job);
    this.book.workerGone(worker, true);
  }

  /** The engine does with what went in last. */
  gaveUp(): void {
    this.book.gaveUp(this.#seq);
  }
}

describe('a job that the engine gives to nobody any more', () => {
  it('goes in again when fewer than three workers are known to have died under it', () => {
    const test = new TestBook();
    const job = test.add();
    test.gaveUp();
    test.die('a', job);
    test.gaveUp();
    test.die('b', job);
    test.gaveUp();
    expect(test.sent).toEqual([1, 1, 1, 1]);
    expect(job.isSettled).toBe(false);
  });

  it('goes in again when the worker that is at it is lost', () => {
    const test = new TestBook();
    const job = test.add();
    test.at('a', job);
    test.gaveUp();
    expect(test.sent).toEqual([1]);
    test.book.workerGone('a', true);
    expect(test.sent).toEqual([1, 1]);
  });

  it('fails under three workers', async () => {
    const test = new TestBook();
    const job = test.add();
    for (const worker of ['a', 'b', 'c']) test.die(worker, job);
    await expect(job.answer.promise).rejects.toThrow('three workers died under it');
  });

  it('fails in the end when nobody ever says to have begun', async () => {
    const test = new TestBook();
    const job = test.add();
    for (let round = 1; round <= 5; round++) {
      expect(job.isSettled).toBe(false);
      test.gaveUp();
    }
    await expect(job.answer.promise).rejects.toThrow(
      'given to workers 15 times, and none said that it began',
    );
  });

  it('goes in again although nobody heard so, unless somebody is at it or it waits in there still', () => {
    const test = new TestBook();
    const [lost, begun, late] = [test.add(), test.add(), test.add()];
    test.add();
    test.at('a', begun);
    test.book.doubt(3);
    test.at('b', late);
    test.book.sendDoubted();
    expect(test.sent).toEqual([1, 2, 3, 4, lost.id]);
    test.book.workerGone('a', true);
    expect(test.sent).toEqual([1, 2, 3, 4, lost.id, begun.id]);
  });
});

describe('a job that is handed back with a fault', () => {
  it('fails when three workers could not do it', async () => {
    const test = new TestBook();
    const job = test.add();
    test.at('d');
    for (const worker of ['a', 'a', 'b', 'c']) test.fault(worker, job);
    await expect(job.answer.promise).rejects.toThrow('three workers could not do it: no space left');
  });

  it('fails after five attempts when nobody else is there', async () => {
    const test = new TestBook();
    const job = test.add();
    for (let i = 0; i < 4; i++) test.fault('a', job);
    expect(job.isSettled).toBe(false);
    test.fault('a', job);
    await expect(job.answer.promise).rejects.toThrow(
      'all workers that were there, in 5 attempts, could not do it: no space left',
    );
  });

  it('waits for a worker that is at something else', () => {
    const test = new TestBook();
    const [job, other] = [test.add(), test.add()];
    test.at('b', other);
    for (let i = 0; i < 20; i++) test.fault('a', job);
    expect(job.isSettled).toBe(false);
    // Its last word does not make it one that is there.
    test.book.workerGone('b', true);
    test.book.answered({ epoch: 1, job: other.id, delivery: 1, worker: 'b' }, new Uint8Array());
    test.fault('a', job);
    expect(job.isSettled).toBe(true);
  });
});
