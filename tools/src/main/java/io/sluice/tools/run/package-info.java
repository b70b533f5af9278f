/**
 * Runs an engine on sources, watches it, and proves afterwards that nothing was lost.
 *
 * <pre>
 *   EventSource ──► Feeder ──► Publisher ──► engine ──► CompletionSet (sequences handled)
 *                     └─► AcceptedLedger (ids accepted)          │
 *                               └──────────┬─────────────────────┘
 *   closed journal, read again ──► RunAudit ──► RunSummary ──► table or JSON
 * </pre>
 *
 * Ledger and completions are kept outside the engine: it can't hide a loss by forgetting an event.
 */
package io.sluice.tools.run;
