/** What {@code sluice control} does: asks an engine that runs in another process, over its control channel. */
package io.sluice.tools.control;
