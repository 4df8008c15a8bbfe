import type { EventQuery, LogLookups } from '../../log/lookups.ts';
import type { EventCard } from './frame.ts';
import type { RunStory } from './story.ts';

/** Events of a story, the latest first. */
export function eventsOf(story: RunStory, log: LogLookups, query: EventQuery): readonly EventCard[] {
  return log.events(query).map(({ eventId, callId, at, type, optimizerId, message, data }) => ({
    id: eventId,
    call: callId,
    at,
    time: Math.round(story.timeOf(at)),
    type,
    optimizer: optimizerId,
    message,
    data,
  }));
}
