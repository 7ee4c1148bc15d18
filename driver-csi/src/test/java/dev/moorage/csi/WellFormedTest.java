package dev.moorage.csi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.moorage.csi.proto.IdentityGrpc;
import dev.moorage.csi.proto.ProbeRequest;
import dev.moorage.csi.proto.ProbeResponse;
import dev.moorage.telemetry.Telemetry;
import dev.moorage.testkit.Scratch;
import dev.moorage.testkit.Until;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Goal: a message that nobody can read is one line in the log, and a mistake of ours keeps its trace. Method: raw bytes to a real server. */
final class WellFormedTest {

  private static final ByteString UNREADABLE = ByteString.copyFrom(new byte[] {10, 127, 1, 2});

  private final Path directory = Scratch.directory("wellformed");
  private final Path path = directory.resolve("csi.sock");
  private final EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Telemetry telemetry = new Telemetry();
  private final Log log = new Log();

  /** All that anybody logs. */
  private static final class Log extends Handler {
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord record) {
      if (record.getLevel().intValue() >= Level.INFO.intValue()) {
        records.add(record);
      }
    }

    @Override
    public void flush() {
      // Nothing is kept back.
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }

  /** A service with a mistake in it. */
  private static final class Mistaken extends IdentityGrpc.IdentityImplBase {
    @Override
    public void probe(ProbeRequest request, StreamObserver<ProbeResponse> caller) {
      throw new IllegalStateException("a mistake of ours");
    }
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<ByteString> {
    @Override
    public InputStream stream(ByteString value) {
      return value.newInput();
    }

    @Override
    public ByteString parse(InputStream stream) {
      try {
        return ByteString.readFrom(stream);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @BeforeEach
  void listen() {
    Logger.getLogger("").addHandler(log);
  }

  @AfterEach
  void close() {
    Logger.getLogger("").removeHandler(log);
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    Scratch.remove(directory);
  }

  private GrpcSocket serve() throws Exception {
    return GrpcSocket.open(path, List.of(new Mistaken()), List.of(new CallMeter(telemetry)));
  }

  private Status call(ManagedChannel channel, String method, ByteString message) {
    MethodDescriptor<ByteString, ByteString> raw = MethodDescriptor.<ByteString, ByteString>newBuilder()
        .setType(MethodDescriptor.MethodType.UNARY).setFullMethodName(method)
        .setRequestMarshaller(new Bytes()).setResponseMarshaller(new Bytes()).build();
    try {
      ClientCalls.blockingUnaryCall(channel, raw, CallOptions.DEFAULT.withDeadlineAfter(30, TimeUnit.SECONDS), message);
      return Status.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus();
    } finally {
      channel.shutdownNow();
    }
  }

  private ManagedChannel channel() {
    return NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(path))
        .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class).eventLoopGroup(loop).usePlaintext().build();
  }

  @Test
  void itIsOneLineWithTheMethodAndTheSender() throws Exception {
    try (GrpcSocket _ = serve()) {
      Status status = call(channel(), "csi.v1.Identity/Probe", UNREADABLE);
      assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(status.getDescription()).contains("cannot be read");
      assertThat(log.records).singleElement().satisfies(each -> {
        assertThat(each.getThrown()).isNull();
        assertThat(each.getMessage()).startsWith("csi.v1.Identity/Probe from a process of this host at " + path).doesNotContain("\n");
      });
      assertThat(telemetry.scrape()).containsPattern("moorage_csi_calls_total\\{.*INVALID_ARGUMENT.*\\} 1");
    }
  }

  @Test
  void theSenderOfTheNetworkIsNamedByItsAddress() throws Exception {
    try (GrpcServing serving = GrpcServing.onPlatformThreads("a port")) {
      serving.start(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), NioServerSocketChannel.class, List.of(new Mistaken()), List.of(),
          builder -> builder);
      call(NettyChannelBuilder.forAddress("127.0.0.1", serving.port()).usePlaintext().build(), "csi.v1.Identity/Probe", UNREADABLE);
      assertThat(log.records).singleElement().satisfies(each -> assertThat(each.getMessage()).contains(" from 127.0.0.1:"));
    }
  }

  @Test
  void aMistakeOfOursKeepsItsTrace() throws Exception {
    try (GrpcSocket _ = serve()) {
      assertThat(call(channel(), "csi.v1.Identity/Probe", ByteString.EMPTY).getCode()).isNotIn(Status.Code.OK, Status.Code.INVALID_ARGUMENT);
      // The caller has his answer before it is logged.
      Until.demand("the trace is logged", Duration.ofSeconds(30), () -> log.records.stream()
          .anyMatch(each -> each.getThrown() instanceof IllegalStateException));
    }
  }
}
