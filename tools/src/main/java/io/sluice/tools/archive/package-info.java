/** Looks at the archive of a journal, works on closed files, and changes keys; with or without an engine at work. */
package io.sluice.tools.archive;
