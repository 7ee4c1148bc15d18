package dev.moorage.volume;

import java.util.UUID;

/**
 * One place in the history of a volume in a repository.
 *
 * @param repository what the repository was called on this host when the place was looked up
 * @param repositoryId the repository's id, for ever
 * @param volume whose history it is
 * @param seq the number of the seat there
 */
public record RemotePlace(String repository, UUID repositoryId, VolumeId volume, long seq) {}
