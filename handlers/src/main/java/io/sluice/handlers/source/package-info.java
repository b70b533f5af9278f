/**
 * Where events come from: a repository's history, a file of JSON lines, a directory that is watched, a generated load.
 *
 * <pre>
 *   EventSources.open("git:.") ──► GitSource ───┐
 *                  "ndjson:FILE" ► NdjsonSource ┤
 *                  "watch:PATH" ─► WatchSource ─┼─ next(EventBuilder) ──► whoever pulls: owns pacing, back pressure
 *                  "load:10k" ───► LoadSource ──┘
 * </pre>
 *
 * A source is pulled, event by event, by one thread; any thread may close it, which ends a pull that waits. Nothing
 * here knows an engine. Input that is no event is reported to a {@link
 * io.sluice.handlers.source.MalformedInputListener} and passed over.
 */
package io.sluice.handlers.source;
