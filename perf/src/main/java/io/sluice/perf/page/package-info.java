/**
 * A page of what runs of the harness left behind: reads JSON, histograms and timelines below a directory and writes one
 * HTML file that needs nothing else.
 *
 * <pre>
 *   ReportCommand ──► ResultDirectory ──► Results ──► ReportPage ──► FILE.html
 *                                                        │
 *             CurveRules, FigureCharts, StallTimeline, SoakTimeline ◄──┴──► plot
 * </pre>
 */
package io.sluice.perf.page;
