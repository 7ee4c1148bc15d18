package dev.moorage.csi;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileOptions;
import com.google.protobuf.DescriptorProtos.MethodDescriptorProto;
import com.google.protobuf.ExtensionRegistry;
import dev.moorage.csi.proto.Csi;
import dev.moorage.testkit.DevScript;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Goal: our messages are those of the specification. Method: both descriptors, with what may differ taken out, are equal. */
@Tag("root")
final class DescriptorTest {

  @Test
  void packagesMessagesFieldsNumbersTypesAndOptionsAreThoseOfTheSpecification() throws Exception {
    ExtensionRegistry options = ExtensionRegistry.newInstance();
    Csi.registerAllExtensions(options);
    FileDescriptorProto theirs = FileDescriptorProto.parseFrom(Files.readAllBytes(Path.of(DevScript.run("servers/csi-descriptor.sh"))), options);
    FileDescriptorProto ours = FileDescriptorProto.parseFrom(Csi.getDescriptor().toProto().toByteString(), options);
    assertThat(ours.getServiceCount()).isEqualTo(5);
    assertThat(comparable(ours)).isEqualTo(comparable(theirs));
  }

  /** Without what Java does not keep (JSON names) or other generators need, and with the one name that had to change. */
  private static FileDescriptorProto comparable(FileDescriptorProto file) {
    FileDescriptorProto.Builder plain = file.toBuilder().clearName().clearSourceCodeInfo().clearMessageType()
        .setOptions(FileOptions.newBuilder().setGoPackage(file.getOptions().getGoPackage()));
    file.getMessageTypeList().forEach(message -> plain.addMessageType(comparable(message)));
    plain.getExtensionBuilderList().forEach(FieldDescriptorProto.Builder::clearJsonName);
    plain.getServiceBuilderList().forEach(service -> service.getMethodBuilderList().stream()
        .filter(method -> method.getOptions().getAllFields().isEmpty()).forEach(MethodDescriptorProto.Builder::clearOptions));
    return plain.build();
  }

  private static DescriptorProto comparable(DescriptorProto message) {
    DescriptorProto.Builder plain = message.toBuilder().setName(specified(message.getName())).clearField().clearNestedType();
    for (FieldDescriptorProto field : message.getFieldList()) {
      plain.addField(field.toBuilder().clearJsonName().setName(specified(field.getName())).setTypeName(specified(field.getTypeName())));
    }
    message.getNestedTypeList().forEach(nested -> plain.addNestedType(comparable(nested)));
    return plain.build();
  }

  private static String specified(String name) {
    return name.replace("changeable_parameters", "mutable_parameters").replace("ChangeableParameters", "MutableParameters");
  }
}
