package dev.twintail.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(value = OS.LINUX, disabledReason = "elsewhere nobody is known to be dead")
class LeaseHolderTest {
  private final LeaseHolder self = LeaseHolder.current();

  @Test
  void isKnownDead_thisProcess_isAlive() {
    assertThat(LeaseHolder.isKnownDead(self.text())).isFalse();
  }

  @Test
  void isKnownDead_endedProcess_isDead() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    LeaseHolder ended =
        new LeaseHolder(self.boot(), self.namespace(), process.pid(), self.started());
    assertThat(LeaseHolder.isKnownDead(ended.text())).isTrue();
  }

  @Test
  void isKnownDead_numberUsedAgain_isDead() {
    LeaseHolder earlier = new LeaseHolder(self.boot(), self.namespace(), self.pid(), "1");
    assertThat(LeaseHolder.isKnownDead(earlier.text())).isTrue();
  }

  @Test
  void isKnownDead_otherMachineContainerOrText_isNotKnown() {
    assertThat(LeaseHolder.isKnownDead(new LeaseHolder("b", self.namespace(), 1, "1").text()))
        .isFalse();
    assertThat(LeaseHolder.isKnownDead(new LeaseHolder(self.boot(), "n", 1, "1").text())).isFalse();
    assertThat(LeaseHolder.isKnownDead("In use.\n")).isFalse();
    assertThat(LeaseHolder.isKnownDead("")).isFalse();
  }
}
