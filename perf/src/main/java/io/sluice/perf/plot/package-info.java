/**
 * Plots as inline SVG with a legend and a table of their numbers, for a page of its own style sheet. Knows histograms
 * and numbers, nothing of figures and files.
 *
 * <pre>
 *   PercentileChart, BarChart, TimelineChart, GrowthChart ──► ChartFrame ──► Axis ──► Ticks
 *                            │                                    │
 *                        Markup (escapes whatever it is given) ◄──┘
 * </pre>
 */
package io.sluice.perf.plot;
