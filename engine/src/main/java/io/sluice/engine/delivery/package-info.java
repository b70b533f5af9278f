/**
 * Where subscriptions stand, kept in files: what a subscription is ({@code control/subscriptions.json}), and how far it
 * has come ({@code positions/subscriptions}, and as of a moment {@code positions/checkpoint}).
 *
 * <pre>
 *   SubscriptionRegistry   name ─► id, what it wants        rewritten as a whole, rarely
 *   SubscriptionPositions  id ─► DeliveryPosition           mapped, a store per step
 *                                  └─ MappedWatermark × 5   four priorities and the cursor
 *   CheckpointFile         the last two Checkpoints          forced once a second, for power losses
 * </pre>
 *
 * <p>Called by the engine alone, and by who lists subscriptions of an engine that runs elsewhere. ADR 0014.
 */
package io.sluice.engine.delivery;
