/**
 * Handlers that are methods with an annotation.
 *
 * <pre>
 *   object ──► AnnotatedHandlers.of ──► HandlerMethod… ──► SubscriptionSpec… ──► EngineContext or Engine
 *                    │ each method: HandlerDeclaration says what is wrong with it
 *   source ──► processor (in the compiler) ──┘
 * </pre>
 *
 * Reflection looks at a class once, when its handlers are registered; events then reach a method as directly as a
 * lambda. Declarations are checked by the compiler, if the annotation processor of this jar runs there, and in any case
 * when they are registered, by the same rules.
 */
package io.sluice.handlers.annotated;
