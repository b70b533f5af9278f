/**
 * Handlers that get payloads as values, and the serializers that need a library.
 *
 * <pre>
 *   PayloadHandlers.of(Class, PayloadHandler) ──► EventHandler ──► SubscriptionSpec
 *                                                     │ PayloadReader finds the serializer for each content type
 * </pre>
 *
 * {@link io.sluice.handlers.payload.ProtobufSerializer} needs {@code com.google.protobuf:protobuf-java}, which the host
 * brings. A payload that can't be decoded ends as {@link io.sluice.event.UndecodableEventException}: counted and
 * reported by the engine, and its handler is not called.
 */
package io.sluice.handlers.payload;
