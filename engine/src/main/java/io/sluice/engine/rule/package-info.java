/**
 * Routing rules: what is delivered of an event, to whom, and how urgently, can be changed while the engine runs. The
 * journal keeps events as they were published.
 *
 * <pre>
 *   publisher ─► AdmissionRun: priority ─► ring ─► sequencing ─┬─► journal, as it is
 *                                                              │
 *   RuleTable: versions, each from a sequence on ─────────┐    ▼
 *   control/rules.json                                    └─► RuleRun ─► changed? discarded? diverted? copied? topic?
 *                                                             one on each thread that routes: same event, same answer
 * </pre>
 *
 * <p>Rules that look at nothing but type and priority are not asked for each event: a run works out what becomes of
 * such events once (SteadyOutcome), and counts them for all of these rules at once.
 *
 * <p>{@link io.sluice.engine.rule.RoutingRule} and {@link io.sluice.engine.rule.RuleTable} are for hosts, the runs for
 * the threads of the engine.
 */
package io.sluice.engine.rule;
