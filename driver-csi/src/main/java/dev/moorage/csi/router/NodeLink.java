package dev.moorage.csi.router;

import dev.moorage.csi.NodeMark;
import dev.moorage.csi.node.proto.InventoryGrpc;
import dev.moorage.csi.node.proto.PoolsRequest;
import dev.moorage.csi.node.proto.PoolsResponse;
import dev.moorage.csi.tls.LiveCredentials;
import dev.moorage.volume.VolumeException.Unavailable;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The connection to one node, and what it told last. A call is made once: whoever asks the router asks again, and then the same node is
 * asked. Nobody waits for a node longer than its caller waits for the router. Safe for use by several threads.
 */
final class NodeLink implements AutoCloseable {

  /** Longer than any node takes for a call that it does not answer with "ask again". */
  private static final Duration CALL_MAX = Duration.ofSeconds(25);

  /** What is kept of a caller's time for the way back. */
  private static final Duration SPARE = Duration.ofSeconds(1);

  private static final Duration POLL = Duration.ofSeconds(3);
  private static final int CONNECT_MILLIS = 2000;
  private static final long ALIVE_SECONDS = 10;
  private static final int MESSAGE_BYTES_MAX = 64 << 20;

  /** What a node told of its pools, and when, by {@link System#nanoTime}. */
  record Report(PoolsResponse pools, long at) {}

  private final NodeAddress address;
  private final ManagedChannel channel;
  private volatile @Nullable Report report;

  NodeLink(NodeAddress address, LiveCredentials credentials, EventLoopGroup loop, Executor threads) {
    this.address = address;
    this.channel = NettyChannelBuilder.forAddress(address.address())
        .channelType(NioSocketChannel.class)
        .eventLoopGroup(loop)
        .executor(threads)
        .overrideAuthority(LiveCredentials.NODE)
        .sslContext(credentials.client(LiveCredentials.NODE))
        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
        .keepAliveTime(ALIVE_SECONDS, TimeUnit.SECONDS)
        .keepAliveTimeout(ALIVE_SECONDS, TimeUnit.SECONDS)
        .maxInboundMessageSize(MESSAGE_BYTES_MAX)
        .build();
  }

  NodeAddress address() {
    return address;
  }

  String name() {
    return address.name();
  }

  ManagedChannel channel() {
    return channel;
  }

  /** What it told last; empty while it never did. */
  Optional<Report> report() {
    return Optional.ofNullable(report);
  }

  /** Has the node tell of its pools. */
  void poll() throws Unavailable {
    // A node that has come back is found at once, and not when the channel thinks that it is time.
    channel.resetConnectBackoff();
    PoolsResponse pools = call("ask node " + name() + " for its pools", InventoryGrpc.getPoolsMethod(), PoolsRequest.getDefaultInstance(), POLL);
    if (!pools.getNodeId().equals(name())) {
      throw new Unavailable("ask node " + name() + " for its pools", "it is node " + pools.getNodeId(), "Give each its own --node-id");
    }
    report = new Report(pools, System.nanoTime());
  }

  /**
   * Makes a call that the caller of the router waits for.
   *
   * @throws StatusRuntimeException what the node answered
   * @throws Unavailable when it did not answer in time, or cannot be reached
   */
  <Q, A> A call(String action, MethodDescriptor<Q, A> method, Q request) throws Unavailable {
    return call(action, method, request, CALL_MAX);
  }

  /** The same, without waiting longer than {@code atMost}. */
  <Q, A> A call(String action, MethodDescriptor<Q, A> method, Q request, Duration atMost) throws Unavailable {
    Duration patience = patience(atMost);
    try {
      CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
      return ClientCalls.blockingUnaryCall(channel, method, options, request);
    } catch (StatusRuntimeException e) {
      throw failure(action, e, patience);
    }
  }

  private static Duration patience(Duration atMost) {
    Deadline deadline = Context.current().getDeadline();
    if (deadline == null) {
      return atMost;
    }
    long left = deadline.timeRemaining(TimeUnit.MILLISECONDS);
    long mine = Math.max(left - SPARE.toMillis(), left * 2 / 3);
    return Duration.ofMillis(Math.clamp(mine, 1, atMost.toMillis()));
  }

  /** What the node said is passed on; what became of the connection is told as what it means. */
  StatusRuntimeException failure(String action, StatusRuntimeException e, Duration patience) throws Unavailable {
    Metadata trailers = e.getTrailers();
    if (trailers != null && trailers.containsKey(NodeMark.KEY)) {
      return e.getStatus().asRuntimeException();
    }
    if (e.getStatus().getCode() == Status.Code.CANCELLED) {
      return e.getStatus().asRuntimeException();
    }
    if (e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED && !isConnecting()) {
      throw new Unavailable(action, "node " + name() + " did not answer within " + patience.toMillis() / 1000.0 + " s",
          "What it began goes on; ask again", e);
    }
    String reason = e.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED
        ? "no connection within " + patience.toMillis() / 1000.0 + " s" : reason(e);
    throw new Unavailable(action, "node " + name() + " cannot be reached: " + reason, "Ask again when it is there", e);
  }

  private boolean isConnecting() {
    return switch (channel.getState(false)) {
      case READY, IDLE, SHUTDOWN -> false;
      case CONNECTING, TRANSIENT_FAILURE -> true;
    };
  }

  private static String reason(StatusRuntimeException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    for (Throwable deeper = cause.getCause(); deeper != null; deeper = deeper.getCause()) {
      cause = deeper;
    }
    return String.valueOf(cause.getMessage());
  }

  @Override
  public void close() {
    channel.shutdown();
  }

  /** Ends calls that are under way. */
  void closeNow() {
    channel.shutdownNow();
  }
}
