package dev.moorage.csi.router;

import dev.moorage.csi.Answers;
import dev.moorage.csi.BlockStream;
import dev.moorage.csi.RepositoryOnly;
import dev.moorage.csi.proto.GetMetadataAllocatedRequest;
import dev.moorage.csi.proto.GetMetadataAllocatedResponse;
import dev.moorage.csi.proto.GetMetadataDeltaRequest;
import dev.moorage.csi.proto.GetMetadataDeltaResponse;
import dev.moorage.csi.proto.SnapshotMetadataGrpc;
import dev.moorage.storage.SnapshotBlocks;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.Unavailable;
import io.grpc.CallOptions;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.UUID;

/**
 * Streams of blocks, passed on as fast as the caller takes them and no faster; so memory does not depend on their length. Whoever has the
 * snapshot is asked. When that node is not there, or cannot tell anything, those are told that a repository has of the snapshot: once it is
 * committed it never changes. A stream that breaks off ends with an error, and its caller asks again from where it ended.
 */
final class MetadataRoutes extends SnapshotMetadataGrpc.SnapshotMetadataImplBase {

  private final Fleet fleet;
  private final RepositoryOnly repositories;
  private final RepositoryRoutes anywhere;

  MetadataRoutes(Fleet fleet, RepositoryOnly repositories) {
    this.fleet = fleet;
    this.repositories = repositories;
    this.anywhere = new RepositoryRoutes(fleet);
  }

  @Override
  public void getMetadataAllocated(GetMetadataAllocatedRequest request, StreamObserver<GetMetadataAllocatedResponse> caller) {
    answer(caller, () -> BlocksQuestion.of(request));
  }

  @Override
  public void getMetadataDelta(GetMetadataDeltaRequest request, StreamObserver<GetMetadataDeltaResponse> caller) {
    answer(caller, () -> BlocksQuestion.of(request));
  }

  /** Somebody who has begun to answer: nobody else can take his place any more. */
  private interface Begun<A> {
    void send(ServerCallStreamObserver<A> caller) throws VolumeException;
  }

  private <Q, A> void answer(StreamObserver<A> caller, Answers.Call<BlocksQuestion<Q, A>> asked) {
    try {
      Begun<A> begun = begin(asked.run());
      if (caller instanceof ServerCallStreamObserver<A> call) {
        begun.send(call);
      }
    } catch (VolumeException | RuntimeException e) {
      caller.onError(Answers.failure(e));
    }
  }

  private <Q, A> Begun<A> begin(BlocksQuestion<Q, A> question) throws VolumeException {
    return switch (fleet.place(question.action(), question.target().pool())) {
      case Place.Here here -> {
        try {
          yield byNode(question, here.node());
        } catch (Unavailable | StatusRuntimeException e) {
          StatusRuntimeException why = Answers.failure(e);
          if (why.getStatus().getCode() != Status.Code.UNAVAILABLE) {
            throw why;
          }
          yield elsewhere(question, why);
        }
      }
      case Place.Away away -> elsewhere(question, Answers.failure(Routes.away(question.action(), away.node())));
      case Place.Lost lost -> elsewhere(question, Answers.failure(Routes.lost(question.action(), lost.node())));
      case Place.Unknown _ -> elsewhere(question, Answers.failure(Routes.unknown(question.action(), question.target().pool())));
    };
  }

  /**
   * From the repository.
   *
   * @param why the node does not tell, which is what the caller is told in the end: of a node that is away nobody knows whether the
   *     snapshot is on its way to the repository
   */
  private <Q, A> Begun<A> elsewhere(BlocksQuestion<Q, A> question, StatusRuntimeException why) {
    UUID repository = question.repository().orElseThrow(() -> why);
    try {
      return anywhere.with(repository, () -> byMyself(question), node -> byNode(question, node));
    } catch (VolumeException | StatusRuntimeException e) {
      StatusRuntimeException failure = Answers.failure(e);
      Status.Code code = failure.getStatus().getCode();
      boolean mayBeThere = why.getStatus().getCode() == Status.Code.UNAVAILABLE;
      throw mayBeThere && (code == Status.Code.NOT_FOUND || code == Status.Code.UNAVAILABLE) ? why : failure;
    }
  }

  private <Q, A> Begun<A> byMyself(BlocksQuestion<Q, A> question) throws VolumeException {
    SnapshotBlocks opened = repositories.blocks(question.action(), question.target(), question.base());
    return caller -> {
      try (SnapshotBlocks blocks = opened) {
        new BlockStream(question.action(), blocks, question.offset(), question.max()).send(caller, question.message());
      } catch (IOException e) {
        throw new Unavailable(question.action(), "its map cannot be closed: " + e.getMessage(), "Ask again", e);
      }
    };
  }

  /** For as long as the caller waits; his deadline and his leaving reach the node with the call. */
  private static <Q, A> Begun<A> byNode(BlocksQuestion<Q, A> question, NodeLink node) throws Unavailable {
    Iterator<A> answers = ClientCalls.blockingServerStreamingCall(node.channel(), question.method(), CallOptions.DEFAULT, question.request());
    demandBegun(question, node, answers);
    return caller -> {
      while (demandBegun(question, node, answers)) {
        if (!BlockStream.awaitReady(caller)) {
          return;
        }
        caller.onNext(answers.next());
      }
      caller.onCompleted();
    };
  }

  /** Waits for the next answer; false at the end of them. */
  private static boolean demandBegun(BlocksQuestion<?, ?> question, NodeLink node, Iterator<?> answers) throws Unavailable {
    try {
      return answers.hasNext();
    } catch (StatusRuntimeException e) {
      throw node.failure(question.action(), e, Duration.ZERO);
    }
  }
}
