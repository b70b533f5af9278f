/** Looks into an engine from outside, through its mapped telemetry files; the engine does not notice. */
package io.sluice.tools.observe;
