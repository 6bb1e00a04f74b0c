use shared_types::sync::Transport;
use tests::{LiveClient, Proxy, Seeded, api::id, proxy::Mode};

use super::Board;

/// What happens to one client.
pub enum Step {
    Network(Mode),
    Switch(Transport),
    Follow(String),
    Read,
}

impl Step {
    pub fn draw(dice: &mut Seeded, board: &Board) -> Self {
        match dice.below(12) {
            0 => Step::Network(Mode::Cut),
            1 => Step::Network(Mode::Stall),
            2 | 3 => Step::Network(Mode::Pass),
            4 => Step::Switch(Transport::ALL[dice.below(3)]),
            5 | 6 => {
                let topics = [
                    dice.pick(&board.projects)
                        .map(|project| format!("project:{}", id(project))),
                    dice.pick(&board.members)
                        .map(|member| format!("member:{}", id(member))),
                    dice.pick(&board.items)
                        .map(|item| format!("item:{}", id(item))),
                    dice.pick(&board.teams)
                        .map(|(_, team)| format!("team:{}", id(team))),
                ];
                dice.pick(&topics)
                    .cloned()
                    .flatten()
                    .map_or(Step::Read, Step::Follow)
            }
            _ => Step::Read,
        }
    }

    pub async fn take(self, proxy: &Proxy, client: &mut LiveClient) {
        match self {
            Step::Network(mode) => proxy.set(mode),
            Step::Switch(transport) => client.switch(transport).await,
            Step::Follow(topic) => client.ask_for(&topic).await,
            Step::Read => client.read_for(10).await,
        }
    }
}
