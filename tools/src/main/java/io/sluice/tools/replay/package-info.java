/** What the commands {@code replay} and {@code checkpoints} do. */
package io.sluice.tools.replay;
