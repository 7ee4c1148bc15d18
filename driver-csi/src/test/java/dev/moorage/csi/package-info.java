/** Tests of the CSI driver: its pieces alone, and its services over a real socket on a real pool. */
@NullMarked
package dev.moorage.csi;

import org.jspecify.annotations.NullMarked;
