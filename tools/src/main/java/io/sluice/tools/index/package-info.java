/** What {@code sluice index} does: makes the index of a journal, and says what there is of it. */
package io.sluice.tools.index;
