/**
 * The {@code sluice} command line.
 *
 * <pre>
 *   SluiceMain ── picocli ──► RunCommand ───► run.RunAction
 *     │ exit code, signals    TailCommand ──► tail.TailAction
 *     │ standard streams      VerifyCommand, RepairCommand, DoctorCommand ──► check.*Action
 *     │                       StatCommand, ErrorsCommand ──► observe.*Action
 *     └─► CommandIo           …Command: options and their errors     …Action: the work, without picocli
 * </pre>
 *
 * An action takes its streams and returns its exit code; only {@link io.sluice.tools.SluiceMain} ends the process.
 * Exit codes are in {@link io.sluice.tools.ExitCode}.
 */
package io.sluice.tools;
