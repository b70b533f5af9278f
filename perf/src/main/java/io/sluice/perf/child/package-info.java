/** JVMs that a measurement starts, talks to and ends. Knows nothing of the engine. */
package io.sluice.perf.child;
