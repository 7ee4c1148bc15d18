package dev.moorage.csi;

import dev.moorage.volume.VolumeException;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;

/** Gives each call its one answer: a message, or a status that says what went wrong. */
public final class Answers {

  private static final System.Logger LOG = System.getLogger(Answers.class.getName());

  private Answers() {}

  /** The work of a call. */
  @FunctionalInterface
  public interface Call<T> {
    T run() throws VolumeException;
  }

  /** Runs the work of a call and answers it. */
  public static <T> void answer(StreamObserver<T> caller, Call<T> call) {
    T response;
    try {
      response = call.run();
    } catch (VolumeException | StatusRuntimeException e) {
      caller.onError(failure(e));
      return;
    } catch (RuntimeException e) {
      caller.onError(bug(e));
      return;
    }
    caller.onNext(response);
    caller.onCompleted();
  }

  /** What the caller of a stream is told at its end. */
  public static StatusRuntimeException failure(Exception e) {
    return switch (e) {
      case VolumeException failure -> status(failure).withDescription(failure.getMessage()).asRuntimeException();
      case StatusRuntimeException status -> status;
      default -> bug(e);
    };
  }

  private static StatusRuntimeException bug(Exception e) {
    LOG.log(System.Logger.Level.ERROR, "a call failed by a mistake of ours", e);
    return Status.INTERNAL.withDescription("internal error: " + e).asRuntimeException();
  }

  /** The one place where a failure of the storage becomes a code. How sidecars read these: facts of CSI, section 5. */
  static Status status(VolumeException e) {
    return switch (e) {
      case VolumeException.NotFound _ -> Status.NOT_FOUND;
      case VolumeException.AlreadyExists _ -> Status.ALREADY_EXISTS;
      case VolumeException.InUse _ -> Status.FAILED_PRECONDITION;
      case VolumeException.InvalidArgument _ -> Status.INVALID_ARGUMENT;
      case VolumeException.OutOfRange _ -> Status.OUT_OF_RANGE;
      case VolumeException.NoSpace _ -> Status.RESOURCE_EXHAUSTED;
      case VolumeException.Busy _ -> Status.ABORTED;
      case VolumeException.Unavailable _ -> Status.UNAVAILABLE;
      case VolumeException.Denied _ -> Status.PERMISSION_DENIED;
      case VolumeException.Unsupported _ -> Status.INVALID_ARGUMENT;
      case VolumeException.Corrupt _ -> Status.DATA_LOSS;
    };
  }
}
