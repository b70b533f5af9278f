/** What the command {@code replay} does. */
package io.sluice.tools.replay;
