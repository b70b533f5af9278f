/** Prints events of a journal as they are found: read-only, from another process than the engine's or from the same. */
package io.sluice.tools.tail;
