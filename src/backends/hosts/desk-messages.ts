/** A host's jobs for other machines, on their way to the manager, which alone is connected with the engine. */
export type JobRequest =
  | {
      readonly type: 'job';
      readonly id: number;
      readonly payload: Uint8Array;
      readonly units: number | undefined;
      readonly priority: number | undefined;
    }
  | { readonly type: 'job-withdrawn'; readonly id: number };

/** What became of them. */
export type JobReport =
  | { readonly type: 'job-begun'; readonly id: number; readonly worker: string }
  | { readonly type: 'job-done'; readonly id: number; readonly answer: Uint8Array }
  | {
      readonly type: 'job-lost';
      readonly id: number;
      readonly cause: string;
      /** As a `WorkerLostError` has them. */
      readonly isExact: boolean;
      readonly isBlameless: boolean;
    };

export function isJobRequest(message: { readonly type: string }): message is JobRequest {
  return message.type === 'job' || message.type === 'job-withdrawn';
}

export function isJobReport(message: { readonly type: string }): message is JobReport {
  return message.type === 'job-begun' || message.type === 'job-done' || message.type === 'job-lost';
}
