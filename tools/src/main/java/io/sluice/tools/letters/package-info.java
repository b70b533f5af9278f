/** Events that could not be handled, and what has become of them: {@code sluice dead-letters}. */
package io.sluice.tools.letters;
