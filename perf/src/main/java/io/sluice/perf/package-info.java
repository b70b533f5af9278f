/**
 * The harness: how fast and how safe, proved. Each command measures the engine beside baselines that run in turn
 * with it, checks its own answers, and keeps raw histograms and JSON.
 *
 * <pre>
 *   PerfMain ─┬─► throughput ─┐
 *             ├─► latency ────┤
 *             ├─► alloc ──────┼─► subject (the engine) , baseline (what it is measured against)
 *             ├─► stalls ─────┤            │
 *             ├─► synced ─────┘            │
 *             ├─► tailers ──► latency      │
 *             ├─► recovery ──► child       │
 *             ├─► archive                  │
 *             ├─► crash ─────► child       │
 *             ├─► chaos ─────► child       │
 *             ├─► isolation ──► latency    │
 *             ├─► overflow ───► latency    │
 *             ├─► core , quick ──► child   │      (all of the above that measure F1 to F10, each in a JVM)
 *             ├─► report ──► page ► plot   │
 *             ├─► peers ────► latency      │      (Sluice beside servers and libraries)
 *             ├─► jmh ────────► child      │      (each mechanism by itself)
 *             ├─► table ──────► latency    │      (by priority, load, durability and threading mode)
 *             ├─► fanout ────► subject     ▼
 *             └──────────────────────► measure , report
 * </pre>
 */
package io.sluice.perf;
