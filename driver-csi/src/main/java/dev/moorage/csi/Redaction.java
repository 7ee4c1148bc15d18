package dev.moorage.csi;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import dev.moorage.csi.proto.Csi;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Messages as text for the log, on one line, without secrets: the fields that the specification marks with the option {@code csi_secret},
 * at any depth, and mount flags, which may be secrets too.
 */
final class Redaction {

  private static final String MOUNT_FLAGS = "mount_flags";
  private static final int CHARS_MAX = 2000;

  private Redaction() {}

  static String text(MessageOrBuilder message) {
    String text = TextFormat.printer().emittingSingleLine(true).printToString(without(message));
    return text.length() <= CHARS_MAX ? text : text.substring(0, CHARS_MAX) + "...";
  }

  private static Message without(MessageOrBuilder message) {
    Message.Builder copy = message.getDefaultInstanceForType().newBuilderForType();
    for (Map.Entry<FieldDescriptor, Object> each : message.getAllFields().entrySet()) {
      FieldDescriptor field = each.getKey();
      if (!isSecret(field)) {
        copy.setField(field, value(field, each.getValue()));
      }
    }
    return copy.build();
  }

  private static boolean isSecret(FieldDescriptor field) {
    return field.getOptions().getExtension(Csi.csiSecret) || field.getName().equals(MOUNT_FLAGS);
  }

  private static Object value(FieldDescriptor field, Object value) {
    if (field.isMapField() || field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
      return value;
    }
    if (value instanceof List<?> list) {
      List<Message> parts = new ArrayList<>();
      list.forEach(part -> parts.add(without((MessageOrBuilder) part)));
      return parts;
    }
    return without((MessageOrBuilder) value);
  }
}
