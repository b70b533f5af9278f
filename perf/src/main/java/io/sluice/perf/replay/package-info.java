/** Reading a journal again (F7): tailing beside a bare Chronicle tailer, and replay on its schedule. */
package io.sluice.perf.replay;
