/**
 * Checks the declarations of handlers while the compiler runs: the {@link javax.annotation.processing.Processor} that
 * the jar names to it. It generates nothing. The rules are those of
 * {@link io.sluice.handlers.annotated.HandlerDeclaration}.
 *
 * <p>A compiler finds it on its processor path, or, where there is none, on its class path; from JDK 23 on only if it
 * is asked to, by {@code -proc:full} or {@code -processor}.
 */
package io.sluice.handlers.annotated.processor;
