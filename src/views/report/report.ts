import { placeOfLog } from '../../log/place.ts';
import { withLog } from '../../log/unusable.ts';
import type { JsonObject } from '../../core/json.ts';
import { gather, type Material } from './material.ts';
import { reportPage } from './page.ts';
import { type Plot, plotsOf } from './plots.ts';

/** A run as a page, as the plots that are in it, and as what these are made of. */
export interface Report {
  readonly html: string;
  readonly plots: readonly Plot[];
  readonly material: Material;
}

export interface ReportOptions {
  /** Writes a configuration as text. */
  readonly settings: (config: JsonObject) => string;
  /** When it is written, milliseconds since the Unix epoch. */
  readonly at: number;
  /** Awaited now and then while a long log is read, so that others have their turns. */
  readonly turn: () => Promise<unknown>;
}

/**
 * @param directory of a run, live or ended, or the file of a log
 * @throws {CodedError} `log-unusable`
 */
export async function reportOf(directory: string, { settings, at, turn }: ReportOptions): Promise<Report> {
  const material = await gather(directory, turn);
  return withLog(placeOfLog(directory).file, () => {
    const { config } = material.picture.facts;
    const text = Object.keys(config).length === 0 ? 'No configuration is in the log.' : settings(config);
    const plots = plotsOf(material);
    return { html: reportPage(material, plots, text, at), plots, material };
  });
}
