"""Goals and instruments: what is found in policy prose, and that nothing is found elsewhere."""

from __future__ import annotations

import pytest

from graph.extract import passages, policy
from graph.records import Document

# Prose without policy. None of it may give a goal or an instrument.
WITHOUT_POLICY = {
    "astronomy": (
        "In the winter of 1781 an organist in Bath turned his home-made telescope towards "
        "Gemini to measure the positions of double stars. He noticed a small disc that moved "
        "from night to night. At first he took it for a comet, but its path proved to be nearly "
        "circular. The discovery doubled the size of the known solar system and made him "
        "famous. He went on to build larger mirrors, to map the Milky Way and to increase the "
        "number of known nebulae to two thousand."
    ),
    "physics": (
        "When a gas is compressed, its molecules collide more often with the walls, which "
        "increases the pressure. To reduce the friction between the layers, engineers add a "
        "thin film of oil. The wave function must be normalised; otherwise the probabilities "
        "will not add up to one. Cooling the sample below four kelvin should suppress thermal "
        "noise and improve the resolution of the detector. The experiment was repeated to test "
        "whether the effect depends on the magnetic field."
    ),
    "football": (
        "The home side started brightly and pressed to gain control of midfield. After the "
        "break the coach made two changes to strengthen the defence, and the plan worked: the "
        "visitors failed to create a single chance. The captain, who has been training alone "
        "since March, scored with a low shot from the edge of the box. The club will now face "
        "the champions in the semi-final, and it needs to improve its away record to win the "
        "cup."
    ),
    "biography": (
        "She was born in a fishing village and learned to read from her grandmother. At "
        "nineteen she moved to the capital to study botany, and there she met the man she would "
        "marry. To support her family she gave lessons and drew plates for a publisher. Her "
        "notebooks, which develop an idea of growth by division, were found in an attic after "
        "the war. She never sought fame, and she liked to say that a garden should be built "
        "slowly."
    ),
    "geology": (
        "Over millions of years the river cut through the sandstone and formed a gorge. Rising "
        "magma can lift the crust and create long ridges on the ocean floor. Glaciers carry "
        "boulders far from their source; when the ice melts, it leaves them on the plain. "
        "Geologists use the decay of uranium to determine the age of zircon crystals. Such "
        "grains help to reconstruct the early history of the planet."
    ),
    "computing history": (
        "The first machines of the laboratory filled a whole room and had to be rewired to run "
        "another program. Two mathematicians devised a scheme to store the instructions beside "
        "the numbers. The valves burned out every few hours, so a team of operators worked in "
        "shifts to keep the network of panels running. Transistors made it possible to reduce "
        "the size and to increase the speed. The project ended when the building was needed for "
        "other work."
    ),
    "cookery": (
        "To develop the flavour, let the dough rest overnight. Bring the stock to the boil, "
        "then lower the heat and support the pan so that it does not tip. A good cook must "
        "learn to balance salt and acid. You should add the herbs last to keep their colour. "
        "Serve with bread, and use what is left to enrich a soup."
    ),
    "theatre": (
        "The company opened its season with a comedy about two sisters who want to save their "
        "orchard. The director has cut the second act to speed up the plot and built the set "
        "around a staircase. The lead plays the aunt with great restraint; her aim is to make "
        "the audience forgive her. The lighting should be softer, and the music will need to "
        "find its place. Tickets are on sale."
    ),
}


def found(text: str, kind: str) -> list[str]:
    """Names of the goals or instruments of a text."""
    prose = passages.read(text)
    drafts = policy.find(prose, Document(name="test"), [])
    return [text[slice(*d.mentions[0])] for d in drafts if d.type == kind]


@pytest.mark.parametrize("subject", WITHOUT_POLICY)
def test_prose_without_policy_has_no_goals_and_no_instruments(subject: str) -> None:
    text = WITHOUT_POLICY[subject]

    assert found(text, "Goal") + found(text, "Instrument") == []
