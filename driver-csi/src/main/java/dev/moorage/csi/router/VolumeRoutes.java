package dev.moorage.csi.router;

import dev.moorage.csi.Request;
import dev.moorage.csi.VolumeHandle;
import dev.moorage.csi.proto.ControllerExpandVolumeRequest;
import dev.moorage.csi.proto.ControllerExpandVolumeResponse;
import dev.moorage.csi.proto.ControllerGetVolumeRequest;
import dev.moorage.csi.proto.ControllerGetVolumeResponse;
import dev.moorage.csi.proto.ControllerGrpc;
import dev.moorage.csi.proto.CreateVolumeRequest;
import dev.moorage.csi.proto.CreateVolumeResponse;
import dev.moorage.csi.proto.DeleteVolumeRequest;
import dev.moorage.csi.proto.DeleteVolumeResponse;
import dev.moorage.csi.proto.ValidateVolumeCapabilitiesRequest;
import dev.moorage.csi.proto.ValidateVolumeCapabilitiesResponse;
import dev.moorage.volume.VolumeException;
import dev.moorage.volume.VolumeException.NotFound;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;

/** Calls about one volume: a new one by its topology, name and room, any other by its handle. */
final class VolumeRoutes {

  private final Fleet fleet;
  private final Placement placement;
  private final Routes routes;

  VolumeRoutes(Fleet fleet, Placement placement) {
    this.fleet = fleet;
    this.placement = placement;
    this.routes = new Routes(fleet);
  }

  /** Where several nodes would do and the best one has no room after all, the next one is asked. */
  CreateVolumeResponse create(CreateVolumeRequest asked) throws VolumeException {
    String action = "create volume " + Request.shown(asked.getName());
    new Request(action).need("name", asked.getName());
    List<NodeLink> candidates = placement.candidates(action, asked);
    for (NodeLink node : candidates.subList(0, candidates.size() - 1)) {
      try {
        return create(action, node, asked);
      } catch (StatusRuntimeException e) {
        if (e.getStatus().getCode() != Status.Code.RESOURCE_EXHAUSTED) {
          throw e;
        }
        placement.refused(asked);
      }
    }
    return create(action, candidates.getLast(), asked);
  }

  private CreateVolumeResponse create(String action, NodeLink node, CreateVolumeRequest asked) throws VolumeException {
    placement.send(action, asked, node);
    CreateVolumeResponse made = node.call(action, ControllerGrpc.getCreateVolumeMethod(), asked);
    fleet.pollSoon(node);
    return made;
  }

  /** Of what was on a node that is lost, nothing is left. */
  DeleteVolumeResponse delete(DeleteVolumeRequest asked) throws VolumeException {
    String action = "delete volume " + Request.shown(asked.getVolumeId());
    Optional<VolumeHandle> handle = VolumeHandle.parse(new Request(action).need("volume_id", asked.getVolumeId()));
    if (handle.isEmpty() || fleet.place(action, handle.get().pool()) instanceof Place.Lost) {
      return DeleteVolumeResponse.getDefaultInstance();
    }
    NodeLink node = routes.node(action, handle.get().pool());
    DeleteVolumeResponse deleted = node.call(action, ControllerGrpc.getDeleteVolumeMethod(), asked);
    fleet.pollSoon(node);
    return deleted;
  }

  ControllerExpandVolumeResponse expand(ControllerExpandVolumeRequest asked) throws VolumeException {
    return forward("expand volume ", asked.getVolumeId(), ControllerGrpc.getControllerExpandVolumeMethod(), asked);
  }

  ControllerGetVolumeResponse get(ControllerGetVolumeRequest asked) throws VolumeException {
    return forward("get volume ", asked.getVolumeId(), ControllerGrpc.getControllerGetVolumeMethod(), asked);
  }

  ValidateVolumeCapabilitiesResponse validate(ValidateVolumeCapabilitiesRequest asked) throws VolumeException {
    return forward("validate volume ", asked.getVolumeId(), ControllerGrpc.getValidateVolumeCapabilitiesMethod(), asked);
  }

  private <Q, A> A forward(String verb, String text, MethodDescriptor<Q, A> method, Q asked) throws VolumeException {
    String action = verb + Request.shown(text);
    VolumeHandle handle = VolumeHandle.parse(new Request(action).need("volume_id", text))
        .orElseThrow(() -> new NotFound(action, "there is no volume " + Request.shown(text), ""));
    return routes.node(action, handle.pool()).call(action, method, asked);
  }
}
