package dev.moorage.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine;

/**
 * The tree of commands. Making all of it costs more than what most commands do, so {@link #narrow} makes only the branch that a
 * command line needs; the whole tree is for help, completion and mistakes.
 */
final class Commands {

  /** A group of commands: what stands for it, and its commands by name. */
  private record Group(Supplier<Object> command, Map<String, Function<MoorageCommand, Object>> commands) {}

  private static final Map<String, Group> GROUPS = new LinkedHashMap<>();
  private static final Map<String, Function<MoorageCommand, Object>> SINGLE = new LinkedHashMap<>();

  static {
    Map<String, Function<MoorageCommand, Object>> volume = new LinkedHashMap<>();
    volume.put("create", VolumeCreateCommand::new);
    volume.put("create-group", VolumeGroupCommand::new);
    volume.put("ls", VolumeCommand.Ls::new);
    volume.put("inspect", VolumeCommand.Inspect::new);
    volume.put("grow", VolumeCommand.Grow::new);
    volume.put("rm", VolumeCommand.Rm::new);
    volume.put("undo", VolumeCommand.Undo::new);
    volume.put("rollback", VolumeCommand.Rollback::new);
    volume.put("clone", VolumeCreateCommand.Clone::new);
    volume.put("compact", VolumeCompactCommand::new);
    volume.put("restore", VolumeRestoreCommand::new);
    GROUPS.put("volume", new Group(VolumeCommand::group, volume));

    Map<String, Function<MoorageCommand, Object>> snapshot = new LinkedHashMap<>();
    snapshot.put("create", SnapshotCommand.Create::new);
    snapshot.put("ls", SnapshotCommand.Ls::new);
    snapshot.put("rm", SnapshotCommand.Rm::new);
    snapshot.put("undo", SnapshotCommand.Undo::new);
    snapshot.put("mount", SnapshotMountCommand::new);
    snapshot.put("unmount", SnapshotMountCommand.Unmount::new);
    snapshot.put("cp", SnapshotCopyCommand::new);
    snapshot.put("upload", SnapshotUploadCommand::new);
    GROUPS.put("snapshot", new Group(SnapshotCommand::group, snapshot));

    Map<String, Function<MoorageCommand, Object>> pool = new LinkedHashMap<>();
    pool.put("create", PoolCreateCommand::new);
    pool.put("ls", PoolCommand.Ls::new);
    pool.put("inspect", PoolCommand.Inspect::new);
    pool.put("grow", PoolCommand.Grow::new);
    pool.put("adopt", PoolCreateCommand.Adopt::new);
    pool.put("trash", PoolCommand.Trash::new);
    GROUPS.put("pool", new Group(PoolCommand::group, pool));

    GROUPS.put("repository", new Group(RepositoryCommand::group, repositoryCommands()));

    Map<String, Function<MoorageCommand, Object>> job = new LinkedHashMap<>();
    job.put("ls", JobCommand.Ls::new);
    job.put("cancel", JobCommand.Cancel::new);
    GROUPS.put("job", new Group(JobCommand::group, job));

    SINGLE.put("serve", ServeCommand::new);
    SINGLE.put("doctor", DoctorCommand::new);
    SINGLE.put("events", EventsCommand::new);
    SINGLE.put("version", VersionCommand::new);
    SINGLE.put("completion", CompletionCommand::new);
  }

  private Commands() {}

  private static Map<String, Function<MoorageCommand, Object>> repositoryCommands() {
    Map<String, Function<MoorageCommand, Object>> repository = new LinkedHashMap<>();
    repository.put("create", RepositoryCreateCommand::new);
    repository.put("add", RepositoryCreateCommand.Add::new);
    repository.put("ls", RepositoryCommand.Ls::new);
    repository.put("inspect", RepositoryInspectCommand::new);
    repository.put("remove", RepositoryCommand.Remove::new);
    repository.put("confirm-key", RepositoryKeyCommand.Confirm::new);
    repository.put("key", RepositoryKeyCommand::group);
    repository.put("snapshots", RepositorySnapshotsCommand::new);
    repository.put("forget", RepositoryForgetCommand::new);
    repository.put("gc", RepositoryGcCommand::new);
    repository.put("verify", RepositoryVerifyCommand::new);
    repository.put("restore", RepositoryRestoreCommand::new);
    repository.put("copy", RepositoryCopyCommand::new);
    repository.put("take-over", TakeOverCommand::new);
    return repository;
  }

  /** Every command. */
  static CommandLine all(MoorageCommand root) {
    CommandLine line = new CommandLine(root);
    GROUPS.forEach((name, group) -> {
      CommandLine branch = new CommandLine(group.command().get());
      group.commands().forEach((command, maker) -> branch.addSubcommand(command, maker.apply(root)));
      line.addSubcommand(name, branch);
    });
    SINGLE.forEach((name, maker) -> line.addSubcommand(name, maker.apply(root)));
    return line;
  }

  /** The branch that these arguments name, as far as they name one exactly; everything otherwise. */
  static CommandLine narrow(MoorageCommand root, List<String> arguments) {
    if (arguments.isEmpty()) {
      return all(root);
    }
    Function<MoorageCommand, Object> single = SINGLE.get(arguments.getFirst());
    if (single != null) {
      return new CommandLine(root).addSubcommand(arguments.getFirst(), single.apply(root));
    }
    Group group = GROUPS.get(arguments.getFirst());
    Function<MoorageCommand, Object> maker = group == null || arguments.size() < 2 ? null : group.commands().get(arguments.get(1));
    if (group == null || maker == null) {
      return all(root);
    }
    CommandLine branch = new CommandLine(group.command().get());
    branch.addSubcommand(arguments.get(1), maker.apply(root));
    return new CommandLine(root).addSubcommand(arguments.getFirst(), branch);
  }
}
