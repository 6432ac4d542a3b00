"""English: what people write when they praise, complain, ask, sell, warn. Commas part phrases; `*` ends any way.

Where a longer phrase is found, the shorter ones in it do not count: "no problem" is no problem. The number is a weight:
3 speaks for itself, 1 is a hint, below zero speaks against it. Written by hand; docs/reading.md says how to change it.
"""

from __future__ import annotations

WORDS: dict[str, dict[float, str]] = {
    "good": {
        3: """
            amazing, awesome, excellent, fantastic, brilliant, outstanding, wonderful, perfect, the best, best
            ever, love it, loved it, love this, love you, love your, best service, great service, great job,
            well done, superb, incredible, flawless, exceptional, delightful, saved my day, made my day, above
            and beyond, five stars, 5 stars, life saver, lifesaver, highly recommend, can't wait, cannot wait,
            ❤, 😍, 🥰, 😘, 👏, 🎉, phenomenal, top notch, topnotch, first class service, second to none, spot on,
            first rate, world class, magnificent, marvellous, marvelous, sensational, splendid, stunning,
            spectacular, terrific, tremendous, unbeatable, unreal service, impeccable, exemplary, exquisite,
            epic, sublime, faultless, friendliest, nicest, kindest, sweetest, coolest, easiest, cutest,
            happiest, favourite, favorite, fave, faves, adore, adorable, in love, best in the, best of the,
            legend, legends, hero, heroes, rockstar, rock star, angel, gem, star, blown away, over the moon,
            so impressed, very impressed, really impressed, super impressed, 10/10, 100%, ten out of ten, 💯,
            🔥, ⭐, 🌟, 😻, 💗, 💖, 💛, 💚, ♥, 🤩""",
        2: """
            great, love, loving, loved, luv, happy, impressed, appreciate*, grateful, helpful, kind, friendly,
            enjoy*, beautiful, gorgeous, cool, sweet, excited, exciting, fab, fabulous, kudos, props, shout
            out, shoutout, congrat*, thrilled, yay, woohoo, hooray, smooth, seamless, professional, courteous,
            pleasant*, stellar, rocks, you rock, you guys rock, delicious, yummy, proud, glad, pleased, bless,
            best, 👍, 😊, 😀, 😃, 😄, 😁, 🙌, 💕, 😎, 💙, 💜, pleasure, relief, satisfied, satisfying, comfy,
            comfortable, cosy, cozy, relaxing, refreshing, reliable, trustworthy, polite, patient, efficient,
            prompt, promptly, speedy, swift, effortless, hassle free, convenient, generous, thoughtful,
            attentive, caring, welcoming, warm, charming, hilarious, funny, clever, smart, solid, lucky,
            blessed, thankful, woo, woot, hurray, bravo, cheers, nailed it, winning, recommended, recommend,
            💪, 👌, 🤗, 😋, 😇, 🥳, 😌, ☺, 🤤, 🎊""",
        1: """
            good, nice, nicely, well, fine, easy, quick, quickly, fast, fun, lovely, better, win, won, winner,
            thumbs up, safe, welcome, hope, hoping, ready, free, lol, haha*, cute, fair, worth, smile*, wow,
            😂, 🙂, 😉, 🙏, ✌""",
    },
    "bad": {
        3: """
            worst, terrible, horrible, awful, horrendous, horrid, atrocious, abysmal, appalling, dreadful,
            disgust*, disgrace*, unacceptable, not acceptable, inexcusable, unbelievable, ridiculous,
            pathetic, useless, garbage, rubbish, crap, crappy, shit, shitty, shite, bullshit, bs, sucks, suck,
            sucked, hate, hated, fail, fails, epic fail, fuck*, wtf, hell, disappoint*, furious, outrage*,
            scam*, fraud*, rip off, ripoff, ripped off, robbed, thieves, liars, lied, lying, incompeten*,
            shame, shameful, ashamed, nightmare, fiasco, disaster, a joke, joke, clueless, rude, shambles,
            hopeless, piss*, insult*, worthless, dishonest, unprofessional, never again, fed up, sick of,
            tired of, done with, had enough, boycott, not impressed, unimpressed, not happy, not good enough,
            not good, the hell, wasn't great, isn't good, not cool, not ok, not okay, so bad, very bad, no
            excuse, zero stars, 1 star, one star, screw you, screwed, idiot*, morons, stupid, 😡, 🤬, 😠, 👎, 🖕,
            💩, lies, what the fuck, impolite, stupidity, fleeced, scamming, racist, tf, suxs, sux, blows,
            ludicrous, deplorable, abomin*, shoddy, cheapskates, bastards, assholes, asshole, damn, dammit,
            goddamn, sloppy, rudeness, incompetence, worstever, fuming, livid, seething, infuriat*,
            maddening*, unreal, never fly, hate you, hate this, atrocity, diabolical, dire, woeful,
            lamentable, farcical, shambolic, laughable, despicable, contempt*, vile, revolting, repulsive,
            sickening, scandalous, criminal, extortion*, daylight robbery, rip-off, con artists, scammers,
            scammer, crooks, bullshitters, wankers, pricks, imbecil*, clowns, cretins, twats, dickheads,
            cunts, bollocks, arse, arsed, bloody useless, bloody awful, bloody joke, utter joke, absolute
            joke, absolute disgrace, complete joke, total joke, not a happy, not best pleased, less than
            impressed, less than happy, far from happy, far from impressed, nothing short of, hate that, hate
            when, hate how, i hate, we hate, really hate, fuck off, fuck you, fuck this, piece of shit, piece
            of crap, pos, load of rubbish, load of crap, load of shit, load of bollocks, pile of crap, pile of
            shit, total crap, total rubbish, utter crap, utter rubbish, absolute crap, absolute rubbish,
            absolutely useless, shocking, shockingly, shocked at, appalled, disgusted, outraged, irate,
            raging, enraged, infuriated, gutted, heartbroken, devastated, at my wits, wits end, beyond angry,
            beyond frustrat*, beyond disappoint*, very disappoint*, so disappoint*, extremely disappoint*,
            really disappoint*, bitterly, massively disappoint*, unforgivable, intolerable, unbearable,
            indefensible, unethical, immoral, predatory, corrupt, liar, fraudulent, thieving, thief""",
        2: """
            bad, worse, poor, poorly, angry, mad, annoy*, frustrat*, upset, unhappy, sad, sadly,
            unfortunately, crazy, insane, inconvenien*, dissatisfied, unsatisf*, unhelpful, unfair,
            unreliable, failed, failure, failing, lousy, mess, messed, messing, ruin*, wasted, wasting, waste,
            absurd, embarrass*, stranded, stuck, broke, broken, misleading, mislead*, false advertising,
            ignored, ignoring, ignore, careless, slow, slowest, trouble, struggling, complain*, complaint,
            hassle, chaos, damaged, damage, dirty, filthy, gross, nasty, stale, wrong, missing, miserable,
            regret, sick, ugly, pain, painful, smh, ugh*, argh*, grr*, overpriced, too expensive, expensive,
            pricey, greedy, not fair, no help, doesn't help, not helpful, didn't help, not helping, isn't
            helping, cheated, conned, bummer, bummed, booo, boo, 😤, 😒, 😞, 😢, 😭, 😩, 😫, 🙄, 😑, 😔, 💔, bad
            experience, badly, worried, worrying, irritat*, aggravat*, exhaust*, sigh, yikes, terribly,
            impossible, dangerous, unsafe, unhealthy, neglect*, ridiculously, lame, weak, messy, disgruntled,
            unimpressive, pls fix, not funny, pointless, pity, rough, sore, dodgy, iffy, shady, sketchy,
            sneaky, cheeky, naff, tacky, tatty, grim, minging, rank, rancid, rotten, mouldy, moldy, slimy,
            soggy, tasteless, bland, inedible, burnt, dreary, dull, boring, discouraged, dismayed, distress*,
            disturbing, disturbed, troubling, alarming, upsetting, unpleasant, uncomfortable, unwelcome,
            unwelcoming, unfriendly, unkind, hostile, aggressive, abusive, inconsiderate, insensitive,
            ignorant, arrogant, incapable, inept, ineptitude, inefficient, lacklustre, lackluster, mediocre,
            subpar, sub par, substandard, sub-standard, below par, inferior, second rate, third rate, bottom
            of the, unreasonable, unjust, unjustified, unprofessionalism, unsatisfactory, unsuitable,
            unusable, unworkable, unwatchable, buggy, laggy, glitchy, clunky, janky, flimsy, defective,
            faulty, crappiest, shittiest, dumb, dumbest, silly, idiotic, moronic, senseless, nonsense,
            nonsensical, bizarre, wtaf, ffs, jfc, omfg, fml, jesus christ, for god's sake, for gods sake, for
            fucks sake, for fuck's sake, for crying out loud, bloody hell, good grief, oh dear, not great, not
            ideal, not happy with, not right, not nice, not fun, not amused, not pleased, not satisfied, not
            worth it, not worth, rude as, could be better, needs work, needs improvement, gone wrong, goes
            wrong, went wrong, going wrong, so wrong, wreck*, havoc, headache, nuisance, agony, misery,
            suffer*, victim, lost faith, losing faith, lost trust, no trust, lost respect, lost all respect,
            no respect, zero respect, bother*, inconvenient, out of control, overrated, underwhelm*,
            unimpress*, uninspir*, clusterfuck, clusterf*, cluster, dumpster fire, train wreck, car crash,
            trash, trashy, junk, tat, 🗑, 😾, 🤦, 🤮, 🤢, 😖, 😣, 😓, 🤯, 🙃, 🥴""",
        1: """
            sorry, hard, difficult, cold, late, problem*, issue*, lost, lose, losing, wait, waiting, refuse*,
            refusing, seriously, really bad, error*, concern*, confus*, weird, strange, hurt*, die, dying,
            dead, fault*, meh, shouldn't, nothing, kidding, lack, lacking, forced, sucker, tired, 😐, 😕, 🙁, ☹""",
    },
    "not": {
        1: """
            not, no, never, without, neither, nor, hardly, barely, don't, doesn't, didn't, isn't, wasn't,
            aren't, weren't, won't, wouldn't, can't, cannot, couldn't, shouldn't, ain't, hasn't, haven't,
            hadn't, dont, nothing, none""",
    },
    "very": {
        1.4: """
            very, really, so, extremely, totally, absolutely, completely, utterly, incredibly, super, truly,
            such, fucking, freaking, too, beyond, complete, total, absolute""",
        0.6: """
            slightly, somewhat, a bit, a little, kind of, kinda, fairly, quite""",
    },
    "turn": {
        1: """
            but, however, although, though, yet""",
    },
    "expected": {
        3: """
            work, works, working, worked, function, functioning, arrive, arrived, arriving, turned up, turn
            up, turns up, show up, showed up, shown up, shows up, came, come through, came through, delivered,
            deliver, delivering, delivery, received, receive, receiving, get through, got through, respond,
            responds, responded, responding, response, responses, reply, replies, replied, replying, answer,
            answers, answered, answering, load, loads, loading, open, opens, opening, connect, connects,
            connecting, connection, turn on, turning on, start, starts, boot, boots, charge, charging, sync,
            syncs, syncing, log in, log on, login, logging in, sign in, signing in, sign on, access, let me,
            letting me, allow me, allowing me, let us, letting us, ship, shipped, shipping, dispatched,
            refund, refunded, refunding, reimbursed, credited, honour, honor, honoring, honouring, honored,
            honoured, help, helped, helping, helpful, resolve, resolved, resolving, resolution, fix, fixed,
            fixing, solution, solve, solved, contact, contacted, call back, called back, calling back, call me
            back, got back, get back to me, gotten back, pick up, picks up, picking up, notified, informed,
            notify, inform, told me, tell me, explain, explained, explanation, apology, apologise, apologize,
            apologised, apologized, acknowledged, signal, internet, wifi, broadband, service, reception,
            coverage, hot water, heating, power, electricity, dial tone, update, updates, updated, updating,
            notice, warning, communication, info, information, confirmation, tracking, refunds, compensation,
            download, downloading, downloaded, install, installed, installing, print, printing, scan,
            scanning, recognise, recognize, recognising, recognizing, accept, accepting, accepted, accepts,
            process, processed, processing, go through, going through, gone through, showing, showing up,
            appear, appears, appearing, appeared, displaying, play, playing, plays, stream, streaming, stay
            connected, hold charge, hold a charge, register, registered, registering, redeem, redeeming,
            activate, activated, activating, verify, verified, verifying, complete, submit, check out,
            checkout, check in, care about, give a damn, give a shit, give a crap, listen, listening,
            listened, read my, honest, acceptable, good enough, fit for purpose, as described, as advertised,
            as promised, what i ordered, what i paid, what we ordered, what we paid, what you advertise*, what
            was ordered, included, supply, provide, provided, provides, support, supported, any help, any use,
            any good, any sense, sense, clue, idea what, empathy, respect, good, ok, okay, right, sorry, sent,
            sending, send, cleaned, clean, sealed, cooked, hot, fresh, full, ready, available, open up""",
        1: """
            find, found, get, got, getting, see, seeing, seen, use, used, using, buy, order, ordered, pay,
            track, cancel, return, exchange, speak to, talk to, reach, view, watch, hear, change, add, edit,
            delete, remove, unlock, enter, book, post, upload, fly, travel, sleep, eat, wear, fit, happen*,
            come, coming, move, moving, believe, understand, trust, recommend, do anything, doing anything,
            doing enough, know, one answers, seem to, able, the same, true, real, happy, impressed, pleased,
            satisfied, amused""",
    },
    "complaint": {
        3: """
            still waiting, still no, still not, still nothing, still haven't, still hasn't, still can't, still
            don't, still isn't, still doesn't, yet again, once again, second time, third time, 2nd time, 3rd
            time, 4th time, every time, each time, never arrived, never came, never received, never got, never
            showed, never heard, never worked, never work, never works, never answer*, never respond*, no
            response, no reply, no answer, no one answers, nobody answers, no one responds, no one is, nobody
            is, no one has, nobody has, no explanation, no communication, no apology, no notice, no update, no
            updates, no sign of, no warning, hasn't arrived, haven't arrived, didn't arrive, not arrived, has
            not arrived, not received, haven't received, hasn't been, have not received, haven't heard, not
            heard, didn't receive, did not receive, on hold, hung up, hang up, hangs up, hanging up, keeps
            hanging, call back, been waiting, been trying, waited, not working, isn't working, doesn't work,
            does not work, didn't work, did not work, don't work, won't work, not work, stopped working,
            aren't working, wasn't working, never buy, never shop, never use, never fly, never order*, never
            going, never come, last time i, lost my business, lose my business, losing my business, lost a
            customer, lost customer, taking my business, take my business, loyal customer, thanks for nothing,
            thanks for the delay*, thanks for making, thanks for cancel*, thanks for losing, thanks for
            ruining, thanks for leaving, no thanks to, charged twice, charged me twice, double charged,
            overcharg*, charged for, keep charging, wrong order, wrong item, wrong size, wrong address,
            customer service is, worst customer, bad service, poor service, terrible service, horrible
            service, bad customer, poor customer, awful service, money back, my money, stole my, stolen, not
            delivered, wasn't delivered, hasn't been delivered, out of order, fix your, fix this, fix it, sort
            it out, sort this out, sort your, get it together, get your act, get your shit, please fix, need
            to fix, do something, explain why, explain this, someone explain, care to explain, what the hell,
            wth, how dare, false advertising, misled, lied to, let down, letdown, what a joke, a joke, are you
            kidding, you kidding, really poor, not once, nobody knows, no idea why, treat customers, treat
            your, treated, you people, doesn't care, don't care, do you care, you ever, disconnected, got cut
            off, cut off, bounced, given the run, run around, runaround, pick the phone up, pick up the phone,
            answer the phone, answer your phone, answering the phone, would it kill you, make a complaint,
            file a complaint, want to complain, did you read my, reply to my, respond to my, answer my, no
            reason given, for no reason, what is this, wait all day, i need answers, need answers, need an
            answer, want answers, get your shit together, is this a joke, have to call, had to call, had to
            pay, had to wait, had to buy, forced to, making me, makes me wait, made me, made us, left me, left
            us, leaving me, won't let me, doesn't let me, won't let us, not let me, can't even, could not
            even, didn't even, wouldn't even, won't even, never even, not a single, false promises, broken
            promises, stop sending, stop charging, falling apart, fell apart, fell off, came off, snapped,
            shattered, worst experience, bad experience, terrible experience, horrible experience, poor
            experience, poor quality, bad quality, cheap quality, misses my, missed a, missed the, will miss,
            gonna miss, going to miss, might miss, may miss, about to miss, wasted my, waste of my, not my
            fault, your fault, what's the deal, whats the deal, whats up with, what's up with, never will,
            never again, last time flying, last flight, switching to, lost all, lost your, lost me, you lost,
            you guys lost, you've lost, they lost, have lost, do better, dobetter, must do better, to no
            avail, no avail, what good is, what good are, for the last time, last straw, final straw, have
            screwed, screwed me, screwed us, awfulcustomerservice, customerservicefail, customer service fail,
            badcustomerservice, poorcustomerservice, terriblecustomerservice, horriblecustomerservice,
            nocustomerservice, badservice, terribleservice, worstservice, worstcompany, worstairline*,
            worstcustomerservice, neveragain, neverflyagain, notimpressed, nothappy, notcool, notok, fixit,
            getittogether, disappointed, stillwaiting, unhappycustomer, unprofessional, unacceptable,
            poorform, poor form, no wonder, goodbye, been told, keep telling, keeps telling, keep saying, keep
            sending, keep changing, keep asking, keeps saying, pay for this, paying for, paid for, for
            nothing, sit in, sit on, sit here, sitting here, sitting in, stood in, standing in, waiting on,
            waited for, won't turn on, won't switch on, wont turn on, won't charge, won't boot, won't start,
            keeps restarting, keeps rebooting, keeps crashing, keeps freezing, keeps dropping, keeps cutting
            out, keeps cutting, keeps disconnecting, keeps logging, keeps buffering, keeps failing, keeps
            breaking, keeps asking, keeps going down, keeps coming back, keeps happening, keep happening,
            keeps giving me, keeps charging, keep charging me, keep getting charged, keep being told, keep
            being charged, dead on arrival, doa, blank screen, black screen, blue screen, white screen, login
            loop, boot loop, timing out, timed out, times out, unresponsive, dropped calls, dropping calls,
            dead spot, dead zone, bricked, stopped responding, not responding, not charging, not connecting,
            not syncing, broke after, broken after, broke within, broke in, fell to bits, fallen apart, came
            apart, coming apart, hole in, holes in, half empty, half full, missing item*, missing part*,
            missing piece*, items missing, parts missing, pieces missing, was missing, were missing, are
            missing, is missing, item missing, wrong product, wrong one, wrong colour, wrong color, wrong
            part, wrong model, wrong food, wrong name, wrong date, wrong price, wrong amount, wrong house,
            wrong place, not as described, not as advertised, counterfeit, hair in, bug in my, out of date,
            past its, gone off, undercooked, raw chicken, stone cold, freezing cold, ice cold, lost in
            transit, stuck in transit, says delivered, says it was delivered, marked as delivered, marked
            delivered, left outside, left in the rain, wrong neighbour, never turned up, didn't turn up,
            didn't show up, did not show, failed to show, failed to turn up, failed to deliver, failed to
            arrive, failed to respond, failed to call, failed to, no show, no shows, waited in, waiting in
            all, waiting all day, waited all day, took a day off, taken a day off, time off work, cancelled my
            order, canceled my order, cancelled our, canceled our, cancelled without, canceled without, order
            was cancelled, order was canceled, order got cancelled, hidden fee*, hidden charge*, extra
            charge*, unauthorised, unauthorized, without my permission, without permission, without my
            consent, without asking, without telling, without notice, without warning, without explanation,
            price hike, price increase, owe me, owes me, you owe, out of pocket, not refunded, still not
            refunded, refuse to, refuses to, refused to, refusing to, won't refund, can't cancel, cannot
            cancel, tried to cancel, trying to cancel, still being charged, still charging, still charged,
            still charging me, on hold for, been on hold, kept on hold, put on hold, hung up on, hanging up
            on, passed from, passed around, round in circles, going in circles, going round, around in
            circles, back and forth, fobbed off, fob me off, brushed off, brush off, no one cares, nobody
            cares, couldn't care less, could care less, zero help, zero customer, zero communication, zero
            response, zero support, no customer service, no support, no help from, automated response,
            automated reply, automatic reply, generic reply, generic response, canned response, copy and
            paste, copy paste, copied and pasted, reading from a script, read a script, conflicting info*,
            different answers, different answer, different story, can tell me why, told different, told
            something different, said you would, said you'd, said he would, said she would, said someone
            would, was promised, were promised, you promised, promised me, promised a, was assured, assured
            me, were assured, supposed to be, supposed to have, meant to be, meant to have, should have been,
            should have arrived, should've been, should be able to, should not have to, shouldn't have to,
            shouldn't take, shouldn't be, for weeks, for months, for days, for hours, for over a, for over an,
            over a week, over a month, over an hour, over two, over 2, over 3, more than a week, more than a
            month, more than an hour, third week, since monday, since last, long overdue, overdue, taking so
            long, takes so long, take so long, took so long, taking forever, takes forever, took forever, how
            long do i, how long will i, how many more, when will you, when will this, when will my, when are
            you going, when are you gonna, when is my, when will i get my, any eta on, what's taking, what is
            taking, where is it, where is he, where are they, where are you, where's the, wheres the, where
            tf, still haven't got, haven't got my, haven't had, have not had, hasn't come, hasn't turned,
            hasn't shipped, hasn't moved, hasn't updated, not shipped, not dispatched, not updated, not been
            updated, not been delivered, not been processed, get a grip, pull your finger, do your job, doing
            their job, do their job, wake up, fix the, fix it please, needs fixing, need fixing, needs to be
            fixed, needs to fix, need to sort, needs to sort, needs sorting, sort yourselves, sort it, sort
            this, bring back, bring it back, stop changing, stop messing, stop making, stop calling, stop
            emailing, stop texting, stop spamming, stop lying, stop ignoring, stop selling, give me back, give
            me my, want my money, my money back, my refund, our refund, my deposit, why the hell, why the
            fuck, why on earth, why in the, why would you, why do you, why am i, why was i, why was my, why
            did you, why have you, why is my, why is your, why is it so, why is it that, why are you, why are
            my, why are your, why does my, why does your, why does it, why do i, why do your, why do we, why
            has my, why can you not, why cant i, why can't i, why must i, what is wrong, what's wrong, whats
            wrong, something wrong, wrong with my, wrong with your, wrong with you, problem with my, problem
            with your, problems with my, problems with your, issue with my, issue with your, issues with my,
            issues with your, trouble with my, having issues, having problems, having trouble, having an
            issue, having a problem, have an issue, have a problem, got a problem, anyone else having, is
            anyone else, anybody else having, servers down, server down, servers are down, server is down,
            site is down, site down, app is down, website is down, system is down, systems are down, system
            down, website down, is it down, expected better, expect better, expected more, expect more from,
            deserve better, thought you were, used to be good, used to be great, used to love, used to be so,
            gone downhill, going downhill, went downhill, not what i expected, not what i ordered, not what i
            paid, not worth, isn't worth, don't bother, don't waste, do not buy, don't buy, do not use, don't
            use, avoid, stay away, steer clear, beware, think twice, waste of time, waste of money, a waste,
            wasting my, wish i hadn't, wish i had never, should've gone, should have gone, go elsewhere, going
            elsewhere, went elsewhere, shop elsewhere, shopping elsewhere, take my custom, leaving you,
            cancelling my, canceling my, cancel my account, cancel my subscription, cancel my membership,
            cancel my contract, closing my account, close my account, unsubscribed, i'm done, im done, done
            with this, done with your, so done with, final warning, customer for years, customer for over,
            been a customer, customer since, years of loyalty, gutted, raging, fuming, peeved, miffed, pissed
            off, ticked off, poor show, not on, taking the piss, taking the mick, take the piss, bang out,
            beyond a joke, beggars belief, laughable, farce, farcical, so much for, good luck getting, good
            luck trying, thanks a bunch, thanks for wasting, thanks for ignoring, thanks for not, thanks for
            letting me down, thanks for charging, thanks for screwing, thanks for breaking, thanks for sending
            me the, real classy, way to go, way to ruin, way to lose, way to treat, no way to treat, what kind
            of, what sort of, what a waste, what a disgrace, what a shambles, what a mess, what a rip, what a
            scam, what a terrible, what a disappoint*, how is this, how is that, how am i supposed, how can i
            get my, how can this, how can it, how can a, how can you not, how could you, how do you expect,
            how do you explain, how do you justify, how does it take, how hard is, how hard can, how
            difficult, how about you, is that too much, too much to ask, is it too much, can you stop, can you
            please stop, could you stop, please stop, pls stop, can you fix, could you fix, can you sort,
            could you sort, can you explain, could you explain, please explain, can you not, can you at least,
            will you ever, are you ever, are you going to fix, did you even, do you even, do you actually, do
            you plan to fix, would be nice if, would be great if you, would help if you, it would be nice,
            next time, take responsibility, makes no sense, make no sense, doesn't make sense, doesn't add up,
            unable to get, unable to access, unable to log, unable to use, unable to connect, unable to reach,
            unable to make, unable to pay, unable to order, unable to find, unable to contact, can't get
            through, can't get into, can't get hold, can't log in, can't login, can't sign in, can't connect,
            can't even get, can't make a, can't place, can't use my, can't watch, can't do anything, cannot
            log, cannot access, cannot login, cannot use, cannot connect, not able to, not been able, haven't
            been able, not letting me, not allowing me, isn't letting, won't load, won't open, won't connect,
            won't play, won't let, won't update, won't accept, won't give me, won't help, won't answer,
            wouldn't let, wouldn't accept, wouldn't help, wouldn't give, couldn't help, couldn't get, couldn't
            find, couldn't even, can't help me, refused me, turned me away, turned away, denied me, rejected
            my, declined my, locked out of, locked me out, logged out, kicked me, kicks me out, logs me out,
            signed me out, error code, get an error, getting an error, getting error*, got an error, giving me
            an error, says error, error when, fail to, fails to, failed again, failed me, failing to, has
            failed, fail again, epic fail, big fail, major fail, total fail, huge fail, fail on, delayed
            again, late again, down again, broken again, cancelled again, canceled again, happened again, not
            again, again and again, over and over, time and time again, time after time, for the second, for
            the third, for the 3rd, for the 2nd, for the fourth, second week in, third day, two weeks later,
            twice now, three times, 3 times, 4 times, 5 times, four times, five times, several times, multiple
            times, many times, numerous times, countless times, repeatedly, constantly, continually,
            continuous, every single, always late, always broken, always down, always the same, always wrong,
            always something, asked for, i asked, asked you, asked to speak, contacted you, i contacted, i've
            contacted, i emailed, i've emailed, i have emailed, i called, i've called, i have called, i've
            phoned, i rang, i've rung, i've sent, i have sent, i sent you, i messaged, i've messaged, i dm'd
            you, spoke to, spoken to, i've tried, i have tried, tried to call, tried calling, tried
            everything, tried contacting, tried to contact, tried to get, trying to get hold, trying to
            contact, trying to reach, trying to speak, trying to get a, trying to get my, trying to get
            through, trying to log, trying to return, trying to sort, get me off, get us off, get me out, get
            us out, let us off, let us out, so hard to, is it so hard, how hard would it be, without success,
            no success, with no success, without luck, no progress, any progress on, happens all the time,
            happens every, happening again, happens again, another airline, another company, another provider,
            another bank, another store, another brand, a competitor, your competitor*, your competition,
            better airline, better company, better provider, go bankrupt, going bankrupt, learn how to, learn
            to treat, radio silence, silence from, deafening silence, crickets, third world, quadrupled,
            doubled my bill, tripled my bill, full refund, a refund please, an apology, owe us an, owe me an,
            out the door, beyond me, read it again, read what, in the first place, how about some, how about
            answering, how about a, seriously what, really what, the nerve, the audacity, have the nerve, you
            clearly, clearly don't, clearly doesn't, clearly not, obviously don't, obviously not, apparently
            not, apparently you, what do you plan, what are you doing to, what will you do, what do you
            intend, when do you plan, when can i expect, when can we expect, how many people, how many
            customers, no other option, no alternative, no choice but, left with no choice, nothing nothing
            was, nothing is being, nothing but problems, nothing but trouble, nothing but issues, no results,
            no resolution, no solution, no accountability, no responsibility, no respect, no consideration, no
            courtesy, no regard, no record of, no trace, no sense, no clue, got no, i get no, getting no, get
            nothing, got nothing, getting nowhere, getting the runaround, giving me the, at your end, on your
            end, your end, your mistake, your error, your incompetence, your responsibility, your job, you
            broke, you ruined, you messed, you screwed, you lied, you forgot, you failed, you charged, you
            cancelled, you canceled, you sent me, you sold me, you took, you keep, you guys keep, you kept,
            you refuse, you refused, you wont, you won't, you can't even, you couldn't, you never, you still,
            you haven't, you have not, you didn't, you did not, you don't care, you don't even, you should be
            ashamed, shame on you, ashamed of, should be ashamed, hope you, i hope you go, good riddance, do
            not recommend, wouldn't recommend, would not recommend, don't recommend, can not recommend, would
            never recommend, never recommend, not recommended, wouldn't wish, wouldn't trust, don't trust,
            can't trust, cannot trust, lost trust, lost confidence, lost faith, losing faith, no confidence,
            zero stars, zero out of, 0/10, 0 out of, one star, 1 star, minus stars, negative stars, what the
            heck, what the fuck, what the actual, what the f""",
        1.5: """
            still, again, never, yet, refund*, reimburse*, compensat*, reimburs*, delay*, cancelled, canceled,
            cancelling, cancel*, overbook*, lost my, lost our, lost bag*, lost luggage, missed my, missed our,
            missed connection*, miss my, late, broke, broken, broken down, defect*, faulty, cracked, damaged,
            ripped, torn, leak*, overheat*, crash*, freez*, glitch*, bug, bugs, error, errors, error message,
            fails, failed, fail, failing, failure, problem*, issue*, trouble*, outage*, is down, been down,
            goes down, went down, keeps, keep getting, kept, can't, cannot, can not, cant, unable, won't,
            couldn't, could not, wouldn't, would not, unable to, not able, refuse*, denied, rejected,
            declined, ignored, ignoring, ignore, no help, no wifi, no internet, no service, no signal, no
            luggage, no bag*, no food, no power, no hot, no one, nobody, no crew, no gate, no option, no way
            to, nowhere, hours, hrs, hour, minutes, mins, min, weeks, wks, months, days, hours later, days
            later, weeks later, days ago, weeks ago, an hour, 1hr, 2hrs, 3hrs, 2hr, 3hr, half an hour, so
            long, too long, how many times, how much longer, forever, ages, all day, all morning, whole day,
            was told, were told, told me, told us, said it would, said they, you said, claimed, was meant to,
            should have, should be, why is, why are, why do, why does, why did, why can't, why isn't, why
            don't, why doesn't, why haven't, why hasn't, why has, why have, why won't, why would, why not, how
            come, how is it, how can you, how do you, how hard, what's going on, what is going on, whats going
            on, what's happening, what happened, what gives, what's with, what's the point, where is my,
            where's my, wheres my, where are my, where is the, where are the, where the, complain*,
            complaint*, escalate*, manager, supervisor, unresolved, resolve, resolution, wait time*, waits, in
            line, queue, stuck, stranded, sitting on, sitting at, tarmac, voicemail, automated, robot,
            transferred, replacement, warranty, missing, empty, wrong, incorrect*, invalid, expired, dead,
            stopped, out of stock, sold out, unavailable, not available, no longer, disconnect*, dropped,
            dropping, locked, locked out, blocked, hacked, password, reset, charged, charging me, fee, fees,
            bill, billed, billing, cost me, costs me, rude, attitude, unhelpful, disappoint*, waste of,
            wasted, lost, misplaced, nothing, isn't, doesn't, didn't, hasn't, haven't, wasn't, weren't,
            aren't, don't, seriously, unhappy, dissatisfied, poorservice, customerservice, customer service,
            customer care, slow, not happening, not updating, not loading, not showing, not even, not being,
            not been, not getting, not sure why, not what, not as, not my, recall*, hazard, lacking,
            inaccurate, drain*, reboot*, noise, reset itself, there is no, there's no, there are no, no
            record, no idea, not sure what, what do we do, no reason, closed, refusing, rejects, still on,
            still in, still at, still the, still says, still showing, still broken, yet to, have yet, only to,
            told that, was supposed, even though, despite, expected, false, doesn't seem, seem to, cant find,
            can't find, cannot find, can't get, cannot get, can't log, can't access, can't use, can't book,
            can't check, can't reach, can't seem, can't see, answer, answers, responding, respond, excuse,
            excuses, apology, apologies, apologize, acceptable, customer relations, customer support, your
            system, your systems, your website, your site, your app, your agents, your agent, your staff, your
            customer, your service, your phone, your employees, your team, hung, broken bag, mechanical,
            rerouted, diverted, standby, reaccommodat*, overnight, bumped, kicked off, jammed, wrong with,
            issue with, issues with, problem with, problems with, trouble with, no seat, no seats, no pillow*,
            no blanket*, no water, no outlet*, no tv, no entertainment, no heat, smells, smelly,
            uncomfortable, cramped, freezing, boiling, downgrad*, loyalty, as usual, as per usual, instead of,
            rather than, by now, you guys, supposedly, apparently, allegedly, yall, y'all, lag, lagging,
            laggy, buggy, glitchy, glitching, buffering, stutter*, static, restarting, reboots, resetting,
            malfunction*, defective, chipped, scratched, scratches, dented, bent, stain*, faded, shrunk,
            shrank, peeling, squeak*, rattl*, rusty, rust, mould, mold, stale, soggy, burnt, raw, incomplete,
            mislabel*, fake, second hand, backorder*, back ordered, oversold, tampered, opened, squashed,
            crushed, smashed, soaked, unsealed, leaking, broken seal, poorly made, cheaply made, cheap
            plastic, poor, ineffective, inefficient, insufficient, inadequate, inconsistent, unsafe, insecure,
            breach, leaked, spam, spammed, spamming, intrusive, unsolicited, junk mail, cold calls, cold
            calling, robocall*, unwanted, unusable, unplayable, unwatchable, unreadable, useless, non
            existent, nonexistent, pointless, misinform*, misinformed, misrepresent*, mis sold, missold,
            cheat*, deceiv*, deceptive, decept*, con, conned, swindl*, theft, thief, stole, steal, stealing,
            robbery, extort*, exploit*, profiteer*, greed, gouging, price gouging, rip, extra cost, pay extra,
            pay twice, paid twice, twice, paying twice, late fee*, penalty, debit, debited, deducted, taken
            out, took money, took my, takes my, taken my, taking money, owed, withheld, withholding, pending,
            processing, unpaid, unreasonable, unjust*, unacceptab*, inexplicabl*, ridiculous, absurd,
            disrespect*, condescend*, patronis*, patroniz*, arrogan*, dismissive, indifferen*, ignorant,
            ignores, lazy, slack, incompetent, amateur*, untrained, uneducated, uninformed, unanswered,
            unread, unheard, dismissed, mistreat*, discriminat*, harass*, threaten*, bullied, chas*, chased,
            chasing, pester*, hassle, palaver, faff, ordeal, saga, hoops, red tape, circus, nonsense,
            rigmarole, stalling, stall, dragging, backlog, waiting time, wait times, long wait, long line,
            long lines, long queue*, queues, understaffed, short staffed, one cashier, one till, only one,
            overcrowded, crowded, packed, crammed, flooded, leak, mess up, messed up, screw up, screwed up,
            stuffed up, cock up, cocked up, balls up, mix up, mixed up, mistake, mistakes, botched, blunder,
            oversight, mishap, negligen*, downtime, offline, interrupted, interruption*, intermittent,
            unstable, spotty, patchy, sluggish, slower, slowly, slow as, crawl*, snail, crap*, janky, clunky,
            bloat*, drop out*, dropouts, drops, cuts out, cutting out, cut out, goes off, went off, shuts
            down, shut down, shutting down, shuts off, turns off, turned off, switches off, died, dies,
            drains, draining, overheating, hot to touch, burned, burning, burnt out, fried, blown, fault,
            faults, crack, cracks, split, tear, worn, wore out, wearing out, unravel*, sticking, stuck on,
            stuck at, stuck in, jam, jams, trapped, abandoned, left without, left with no, been left, left
            waiting, kept waiting, kept us waiting, kept me waiting, made to wait, let us down, let me down,
            letting me down, lets me down, letting us down, lets down, last minute, short notice, at the last,
            unannounced, surprise fee, not told, no one told, never told, nobody told, wasn't told, weren't
            told, wasn't informed, not informed, unaware, any update on, any updates on, any news on, any
            response, anyone there, anybody there, respond please, please respond, please reply, please
            answer, pls reply, pls respond, reply please, respond to, reply to, replied to, no luck, still
            stuck, still down, still out, still off, still having, still getting, still get, still need, still
            want, still looking, still missing, still pending, still processing, still waiting for, still
            there, still same, still have, still havent, still trying, as promised, as advertised, as
            described, as stated, as requested, contradict*, bait and switch, bait & switch, misadvertis*,
            advertised, claims to, claim to, claiming, pretend*, so called, supposed, meant to, due to arrive,
            due on, was due, were due, should've, should arrive, should work, would have been, would've been,
            could have been, could've been, would have thought, you'd think, you would think, one would think,
            at this point, at this rate, in this day, it's been, its been, been over, been a week, been down
            for, been like this, days now, weeks now, months now, hours now, years now, still in the, this
            morning, all night, all week, all weekend, whole weekend, entire day, entire morning, whole
            morning, whole week, whole evening, past week, past month, past few, past two, last few, last two,
            last 2, last 3, last three, complaints, complained, complaining, formal complaint, grievance,
            dispute, disputed, disputing, escalated, escalating, escalation, feedback, dissatisfaction,
            displeasure, discontent, displeased, aggrieved, unimpressed, underwhelm*, let-down, anger, angers,
            infuriated, irate, outraged, horrified, appalled, disgusted, shocked, shocking, astounded,
            astonish*, baffl*, bewilder*, mind boggling, dumbfounded, speechless, stunned, flabbergasted,
            beyond frustrat*, beyond annoyed, beyond disappoint*, beyond angry, beyond ridiculous, losing
            patience, lost patience, patience, impatient, tired of waiting, sick and tired, sick to death,
            cheesed off, hacked off, brassed off, narked, browned off, naff off, bollocks, bloody, bleeding,
            effing, freakin, freaking, frickin, friggin, flipping, sodding, goddam, dumb, dumbass, dipshit*,
            jackass, pricks, wankers, muppets, clowns, cowboys, jokers, crooks, thugs, bandits, criminals, con
            artists, sharks, parasites, leeches, scum, vultures, refund please, refund now, credit back, put
            right, put it right, make it right, make this right, making it right, compensation, goodwill,
            gesture, voucher, replace it, replaced, replacing, exchange, send back, sent back, sending back,
            sending it back, return it, returning it, returned it, take it back, took it back, taking it back,
            you need to, you have to, you should, you shouldn't, you could have, you might want to, you may
            want to, perhaps you should, maybe you should, maybe if you, why not just, rather not, prefer not,
            would rather, obsolete, outdated, antiquated, archaic, ancient, primitive, do all you can, make it
            happen, i needed, we needed, i wanted, i was hoping, was hoping for, was looking forward, had to,
            have had to, i had to, we had to, ended up, end up, wound up, instead of the, took me, took us,
            took over, takes an, takes over, took 2, took 3, took two, took three, after 2, after 3, after
            two, after three, after waiting, after calling, after being, after several, after many, after
            multiple, after hours, after days, after weeks, after months, after years, before christmas,
            ruined, spoiled, spoilt, destroyed, killed my, killing my, kills my, wiped, erased, deleted my,
            lost my data, lost everything, vanished, disappeared, disappear*, gone missing, went missing,
            nowhere to be, can't locate, cannot locate, unable to locate, not found, doesn't exist, does not
            exist, isn't available, isn't showing, doesn't show, won't show, not visible, isn't there, weren't
            there, wasn't there, not there, really?, honestly, cmon, c'mon, for real, get real, gimme, hurry
            up, speed up, step up, wise up, man up, own up, buck up, shape up, improve your, improve,
            improvement, needs improving, train your, retrain, hire, hire people, hire some, fire your, fire
            whoever, fired, whoever, who designed, whose idea, who thought, who's in charge, in charge, head
            office, corporate, ceo, directors, watchdog, trading standards, ombudsman, bbb, consumer rights,
            supposed to, waiting for, hold, nightmare, let alone, not to mention, on top of that, to make
            matters worse, and now, and yet, and still, only to be, so i guess, guess i'll, i guess i, wish
            you, wish they would, if only you, hoping you would, really wish, how sad, sad that, too bad, too
            late, too little, too slow, not enough, barely, hardly, nowhere near, far from, forget it, forget
            about, give up, gave up, giving up, had enough of, enough is enough, enough already, over it, fix,
            despise*, detest*, loathe*, boycott*, i paid, we paid""",
    },
    "hint": {
        1: """
            tried, trying, try, try again, since, yesterday, last week, last month, ordered, order, orders,
            delivery, delivered, deliver, parcel, package, tracking, shipped, shipping, courier, appointment,
            booked, booking, rebook*, reschedul*, flight, flights, connection, luggage, bag, bags, baggage,
            gate, plane, seat, seats, account, app, website, site, online, email*, emailed, phone, call,
            called, calls, calling, reps, rep, agent, agents, staff, employee*, store, branch, chat, line,
            lines, update, updated, upgrade, service, help, fix, repair*, engineer, technician, install*, tv,
            router, broadband, laptop, printer, screen, battery, charge, customer, customers, company, policy,
            money, only, asap, urgent, someone, anyone, pls help, please help, need help, help me, says,
            saying, said, told, tells, when i, every, same, another, more than, over an, almost, without, or
            something, what's the, no, not, why, today, tonight, now, already, anymore, any more, actually,
            literally, somehow, suddenly, bought, purchased, paid, new phone, brand new, brand-new, new one,
            device, item, items, product, products, box, packaging, cable, charger, remote, card, code, link,
            page, button, settings, version, latest update, new update, the update, server, servers, network,
            data, speed, speeds, mbps, signal, text, texts, email, emails, inbox, mail, message, messages,
            inquiry, enquiry, query, ticket, tickets, case, reference, ref, number, receipt, invoice,
            contract, plan, tariff, subscription, membership, transaction, transfer, bank, balance, payment,
            payments, price, prices, cost, costs, discount, offer, promo, coupon, gift card, points, miles,
            warehouse, depot, driver, drivers, postman, mailman, neighbour, neighbor, doorstep, collection,
            pickup, pick up, cashier, waiter, waitress, table, food, meal, burger, fries, pizza, sandwich,
            coffee, drive thru, drivethru, restaurant, hotel, room, reception, reservation, train, trains,
            bus, station, platform, carriage, airport, cabin, crew, pilot, landed, runway, aircraft, boarding,
            suitcase, stroller, car seat, wheelchair, car, dealer, dealership, garage, engine, brakes, tyre,
            tire, recall, insurance, claim, mortgage, loan, credit card, landlord, builder, boiler, meter,
            water, gas, electric, heating, passengers, employees, workers, terminal, lounge, standby, carry
            on, carryon, overhead, wifi, fare, fares, rate, rates, hotels, rental, rewards, member, status,
            gold member, premier, platinum""",
    },
    "calm": {
        3: """
            no problem, no problems, no worries, not a problem, never mind, nevermind, no rush, all good, all
            sorted, sorted now, sorted now thanks, is resolved, was resolved, got resolved, resolved now,
            fixed now, fixed it, works now, working now, it worked, figured it out, good to know, no issues,
            no complaints, can't complain, not an issue, thank you so, thanks so, thanks again, thank you
            again, thank you all, thanks to, thanks guys, thank you guys, many thanks, big thanks, huge
            thanks, will do, looking forward, look forward, can't wait, cannot wait, will be there, dm sent,
            sent dm, just followed, don't worry, wasn't too, never disappoint*, never fail*, never had a
            problem, happy to, glad to, won't regret, not bad, no doubt, still love, still the best, never
            better, never cease, for the response, for responding, for your help, for the help, for the reply,
            quick response, quick reply, prompt response, for your response, for replying, for your reply, for
            helping, for getting, for checking, for taking, for the info, for clarifying, for the update, for
            the follow, i figured, figured out, helped me, was so helpful, were so helpful, very helpful, so
            helpful, so nice, so kind, took care of, taking care of, came through, resolved my, solved my,
            thanks to you, thank you to, thanks for a, thanks for an, thanks for the, thank you for, thanks
            for your, thanks for being, thanks for all, thanks for getting, great flight, great crew, great
            experience, good experience, amazing service, excellent service, good service, awesome service,
            best airline, best customer, great customer, good customer, excellent customer, awesome customer,
            fantastic customer, amazing customer, outstanding customer, impressed with, impressed by, shout
            out, shoutout, kudos, props to, hats off, well played, safe travels, happy holidays, happy
            birthday, merry christmas, taken care of, painless, so easy, never let me down, never let us down,
            always provided, positive experience, positive attitude, not your fault, only way to fly, only way
            to go, it's been found, was found, found it, found my, got it back, above and beyond, so glad,
            very glad, working hard, hard work, big up, welcome back, miss you guys, problem solved, issue
            solved, all fixed, all working, working fine, works fine, works great, working great, works
            perfectly, works well, back up and running, up and running, back to normal, back online, back up,
            problem fixed, issue fixed, issue resolved, problem resolved, got sorted, been sorted, is sorted,
            sorted it, sorted thanks, all is well, all set, that worked, it works, that helped, that helps,
            that's helpful, that's great, that's awesome, that's perfect, perfect thanks, great thanks, ok
            thanks, okay thanks, cool thanks, cheers for, thanks for letting, thank you for letting, thanks
            for looking, thanks for sorting, thanks for fixing, thanks for replying, thanks for reply, thanks
            for info, thanks for help, thanks for following, thanks for sharing, thanks in advance, thanks for
            any, appreciate your help, appreciate the help, appreciate it, appreciate you, much appreciated,
            greatly appreciated, really appreciate, great service, great support, great help, super helpful,
            really helpful, extremely helpful, so quick, so fast, that was quick, that was fast, fast
            delivery, quick delivery, fast shipping, came early, arrived early, arrived today, came today,
            arrived safely, just arrived, finally arrived, loving my, loving the, love my, love the, love
            your, love this, love how, in love with, excited for, excited to, so excited, can't wait for,
            can't wait to, cannot wait to, looks great, looks amazing, looks good, looks awesome, looks fun,
            so good, so cute, so cool, so pretty, so beautiful, so proud, so happy, happy new year, good luck,
            well done, congratulations, congrats to, keep up the, welcome to, couldn't be happier, can't go
            wrong, can't fault, cannot fault, can't beat, cannot recommend, can't recommend, couldn't
            recommend, can't thank, cannot thank, can't stop, couldn't be better, never had any, never had an
            issue, no regrets, worth the wait, worth every, worth it, don't miss, don't forget, do not miss,
            didn't realise, didn't realize, just curious, just checking, just asking, out of curiosity, just
            to check, just to confirm, just wanted to, just want to know, just wanted to say, just want to say""",
        1.3: """
            thank you, thanks, thx, thankyou, ty, thanx, thnx, cheers, tysm, is it possible, would it be
            possible, do you have, do you sell, do you offer, do you know if, do you know when, do you accept,
            do you allow, do you guys have, does anyone know, are there any, is there any, is there a way, can
            i get, can i use, can i buy, can i bring, can i still, can i add, can i change, can i return, may
            i, could i, could you please, can you please, can you tell me, could you tell me, could you
            confirm, can you confirm, where can i, where do i, how can i, how do i, what are the, what is the,
            what time, when is, when will, when can, when are, which one, i would like to, i'd like to,
            looking for, looking to, interested in, just wondering, wondering if, wondering what, wondering
            when, question about, quick question, have a question, got a question, does it, does the, will it,
            will you, will there be, are you, any chance, any plans, any idea when, what's your, will i, is
            the, are the, is there, got it, ok, okay, done, sure, yes, yep, yeah, sent, dm'd, dmed, dm'ed, dm,
            sounds good, great, love, best, awesome, amazing, nice, congrat*, excited, happy, looks like,
            check out, giveaway, contest, competition, follow me, follow back, hi, hello, still offer, still
            carry, do you still, still have time, still a chance, accidentally, accidently, i've lost, i lost
            my, my lost, left my, i left, just booked, just sent, just signed up, just bought, haven't booked,
            i understand, makes sense, not yet, no this is, it's fine, that's fine, is fine, would like, what
            is your policy, what's the policy, do you fly, will you be, how much is, how much does, how many,
            how early, how late, what airports, when do you, can we get, can we bring, can i carry, is it
            okay, is it ok, good work, keep up, follow you, following, dm you, dm me, interested, announce*,
            unveil*, launches, launch, reports, seeks, ceo, nonstop, new route, profit, stock, shares, on the
            way, on my way, heading to, headed to, off to, boarding, ready for, on board, crew, pilot, view,
            sunset, beautiful day, vacation, trip to, destination*, tickets to, want to see, any concern, any
            advice, any tips, any suggestions, any recommendations, your policy on, your policy regarding,
            what's your policy, policy for, trying to go, trying to get to, hoping to, if only, any way that i
            can, is there any way, any way to, will work, how does, are you going to, can you give, can you
            send, give me, left behind, lost and found, upcoming, do you think, what would, would it be,
            should i, should we, what should i, can i do, do i need, do we need, how long before, how long
            does, how long is, what happens, can someone tell me, could someone tell me, where do we, where is
            the best, what's the best, just noticed, i noticed, earlier flight, advisory, forecast, winter
            storm, weather, travelers, travellers, i bought, worried that, in case, be able to, would i, would
            you""",
        1: """
            good morning, please, pls, plz, if i, wonder, curious, if you, if there, we love, lol, haha*,
            future, next week, next month, tomorrow, planning, plan to, thinking, would be, gift, christmas,
            birthday, weekend, video, photo, watch, watching, read, reading, news, article, via, rt, blog,
            new, team, game, season""",
        1.5: """
            do you guys, do you ship, do you deliver, do you take, do you do, do you provide, do you stock, do
            you support, do you plan, do you need, do they, can you recommend, can you suggest, can you
            advise, can you help, could you help, could you advise, can i ask, can i check, can i pay, can i
            order, can i cancel, can i send, can i collect, can i swap, can i transfer, can i upgrade, can i
            apply, can i book, can anyone tell, anyone know, anybody know, where would i, where is your, where
            are you based, where can we, where can i find, where can i get, which store, which stores, which
            branch, what are your, what is your, what's the difference, what does, what would be, who do i,
            who can i, who should i, how would i, how should i, how do we, how to, how can we, how does this,
            how does that, how soon, how often, how big, is this, is it, is that, is your, are your, are
            these, are those, are you open, are you hiring, are we, will this, will these, will they, will we,
            when does, when do, when are you open, when is the, what days, what date, what hours, opening
            times, opening hours, open today, open on, open tomorrow, in stock, available in, availability,
            restock, back in, coming out, come out, release date, coming to, plans to, planning to, thinking
            of, thinking about, considering, would love to, would love a, i'd love, we'd love, i would love,
            please can you, please could you, please tell me, please let me know, let me know, please advise,
            pls advise, please confirm, please send, please check, please dm, please follow, kindly, wondered
            if, wondered, was wondering, wanted to know, want to know, like to know, need to know, love to
            know, need some info, need info, more info, information on, information about, details on, advice
            on, tips on, suggestion, suggestions, idea for, feature request, i need to, need to return, need
            to change, need to update, need to order, want to return, want to order, want to change, want to
            upgrade, i want to, want to get, want a, need a, no thanks, no thank you, nope, nah, yea, yup, yes
            please, yes it, yes i, sure thing, of course, absolutely, definitely, agreed, true, exactly,
            right, will try, i'll try, i will try, will check, i'll check, will let you, i'll let you, i'll
            be, i will be, see you, talk to you, speak soon, have a good, have a great, have a nice, enjoy,
            enjoyed, enjoying, good day, good evening, good afternoon, good night, goodnight, morning all,
            happy friday, happy monday, happy to help, my pleasure, you're welcome, youre welcome, how long
            does it take, left a, left it, i forgot, forgot my, follow me so, follow so i, follow back so, dm
            me so, can someone, can somebody, hold the plane, lost property, lucky to, luckily, deserves a
            raise, deserve a raise, deserves a, compliment, compliments, complimenting, good energy, safety
            first, well worth, not a complaint, not complaining, just an observation, observation, hats,
            thumbs up, big fan, huge fan, fan of, number one, next trip, next visit, can't say enough, cannot
            say enough, is that gonna be, is that going to be, do you expect, would it be ok, am i able, are
            we able, are you able, do i have to, do i still, can we still, could we, might i, what if, which
            is, any reason, any way, is there somewhere, is there someone, is there a number, is there an
            email, what number, what's the number, whats the number, phone number, email address, turned out,
            turns out, worked out, all sorted out, made up for, makes up for, handled this, handled it, was
            able to, were able to, am able to, able to get, able to help, gave a credit, gave me a credit,
            gave us, gave me a free, upgraded me, upgraded us, hooked me up, surprised me with, on time, early
            arrival, arrived on time, right on time, ahead of schedule, smooth flight, smooth landing, smooth
            trip, made it home, made it back, safe and sound, safely, got home safe""",
    },
    "thanks": {
        3: """
            thank you, thanks, thx, thankyou, thanx, thnx, ty, tysm, cheers, much appreciated, kudos,
            grateful, shout out to, shoutout to, props to, appreciate it, appreciate the, appreciate your""",
        -4: """
            thanks for nothing, no thanks, no thanks to, thanks for the delay*, thanks for making, thanks for
            cancel*, thanks for losing, thanks for ruining, thanks for leaving, thanks but, thanks in advance""",
    },
    "person": {
        3: """
            speak to a human, talk to a human, a real person, real person, speak to a person, talk to a
            person, speak to someone, speak with someone, talk to someone, talk with someone, speak to a
            manager, speak with a manager, talk to a manager, speak to your manager, speak to a supervisor,
            speak with a supervisor, someone call me, someone contact me, please call me, call me back, give
            me a call, can someone help, get a human, live agent, live person, human being, an actual person,
            actual human, speak to an agent, speak with an agent, talk to an agent, someone to call, someone
            to contact, human agent""",
    },
    "buying": {
        3: """
            want to buy, wanna buy, like to buy, looking to buy, going to buy, about to buy, thinking of
            buying, where can i buy, can i buy, to purchase, want to order, like to order, how much is, how
            much are, how much for, how much does, price of, in stock, back in stock, do you sell, do you ship
            to, do you deliver to, available in, pre order, preorder, sign up for, switch to you, switching to
            you, interested in buying, take my money, quote for, get a quote, upgrade my plan, want to switch
            to, thinking of switching to, want to join""",
        -3: """
            never buy, won't buy, not buy, don't buy, not going to buy, stop buying, money back""",
    },
    "danger": {
        3: """
            caught fire, on fire, catch fire, burst into flames, electric shock, electrocut*, exploded,
            explosion, exploding, smoke coming, started to smoke, smoking, sparks, sparking, melted, burning
            smell, smell of burning, smells of gas, gas leak, carbon monoxide, burned my, burnt my, burned
            her, burned his, cut my, cut myself, glass in my, metal in my, plastic in my, piece of glass,
            piece of metal, food poisoning, allergic reaction, anaphyla*, choked on, choking hazard, injured,
            hospitalized, hospitalised, in hospital, brakes failed, airbag, mouldy, moldy, maggot*,
            salmonella, product recall""",
        -3: """
            fire sale, fire emoji, smoke test, burning question, smoking hot, sparks fly, new song, no smoking""",
    },
    "legal": {
        3: """
            lawyer*, attorney*, solicitor*, lawsuit*, sue you, suing, sue them, sue your, will sue, going to
            sue, legal action, take you to court, see you in court, small claims, class action, ombudsman,
            trading standards, consumer protection, consumer affairs, ftc complaint, better business bureau,
            bbb complaint, data protection, gdpr, breach of contract, consumer rights act, statutory rights,
            section 75, chargeback, illegal, unlawful, regulator, accc, ofcom, ofgem, fcc complaint""",
    },
    "press": {
        3: """
            i'm a journalist, i am a journalist, i'm a reporter, i am a reporter, writing an article, writing
            a piece, writing a story, working on a story, working on a piece, press office, press enquiry,
            press enquiries, press inquiry, media enquiry, media inquiry, media enquiries, pr department, pr
            dept, pr team, press contact, media contact, comment for our, for comment, request for comment,
            can we use your, permission to use your, on deadline, our newsroom, our producers, our programme""",
    },
    "vulnerable": {
        3: """
            elderly, 80 year old, 85 year old, 90 year old, wheelchair, disabled, disability, blind, deaf,
            dementia, alzheimer*, autistic, oxygen machine, oxygen concentrator, medical alarm, medical alert,
            medical equipment, pacemaker, insulin, dialysis, chemo, chemotherapy, cancer patient, pregnant,
            newborn, premature baby, panic button, emergency calls, can't call 000, can't call 911, can't call
            999, no heating, carer, care home, housebound, hospice, bereaved, passed away, widow, widower,
            mental health, domestic violence""",
        -3: """
            blind spot, double blind, blind date, turn a blind, blind eye, deaf ears""",
    },
    "self-harm": {
        3: """
            kill myself, killing myself, end my life, ending my life, take my own life, want to die, wanna
            die, wish i was dead, suicidal, commit suicide, self harm, self harming, hurt myself, cut myself
            on purpose, can't go on anymore, no reason to live, better off without me, don't want to live, do
            not want to live, don't want to be here anymore""",
        -3: """
            kill myself laughing, want to die laughing, dying of laughter""",
    },
    "spam": {
        3: """
            check out my, check out our, check my channel, check my page, check it out on, visit my, visit
            our, subscribe to my, subscribe to me, subscribe me, sub to me, sub to my, subscribe back, sub 4
            sub, sub4sub, sub for sub, please subscribe, plz subscribe, pls subscribe, and subscribe, come
            subscribe, my channel, our channel, my new channel, my youtube, my youtube channel, my new video,
            my videos, my vids, my music, my covers, my cover of, my first video, my soundcloud, my mixtape,
            my new song, my new single, my etsy, follow me on, follow my, follow me and, follow us on, follow
            back, follow for follow, f4f, l4l, like4like, free followers, earn money, make money, money
            online, extra cash, extra income, passive income, work from home, easy money, get paid, get rich,
            free gift, claim your, claim now, click here, click the link, click on the link, link in bio, link
            in my bio, link below, airdrop, crypto, bitcoin, btc, forex, trading signals, coupon code,
            referral code, use my code, use code, dm me to, dm for, inbox me, whatsapp me, text me on,
            telegram channel, join my, join our, sign up now, sign up here, register now, limited time, act
            now, hurry up, 100 free, free trial, buy now, order now, on sale now, casino, viagra, lose weight,
            hot singles, sexy girls, nudes, onlyfans, dating site, vote for me, vote for us, vote for my, sign
            this petition, sign the petition, gofundme, indiegogo, kickstarter, fundraiser, prizerebel, a
            small channel, small youtuber, upcoming artist, up and coming, unsigned, new artist, thumb up,
            give this a thumbs, like this comment, send this to, repost this, paste this, dont skip, don't
            skip, before you skip, give me a chance, give us a chance, hear me out, this is not spam, not
            spam, not a spam, i hate spam, sorry for the spam, promote your, grow your, boost your, new subs,
            1k subs, more subs, suscribe, new youtuber, i make videos, i make music, we make videos, i upload,
            upload videos, i'm a singer, i'm a rapper, i sing covers, do covers, covers of, congratulations
            you have, you have won, you've won, won a prize, text stop, reply stop, opt out, weekly draw,
            ringtone*, callertune, £1000, £2000, check me out, check it out, check this out, check out this,
            check these out, go check, checking me out, checking out my, check them out, look at my, listen to
            my, watch this video, take a look at this, give it a like, rate my, please become my, look me up,
            sucscribe, help me reach, help us reach, help me go to, come and see my, itunes code, my profile,
            my fan page, my song, my songs, my beats, my playlist, new channel, our video, our song, our
            music, our parody, we just released, go to my, hit up my, peep my, see my channel, on my channel,
            to my channel, my first song, my latest video, my latest song, my latest track, my latest, new
            video up, video is up, just uploaded, i uploaded, i just posted, just posted a, dropped a new,
            streaming now, available on itunes, on itunes now, download my, free download, free mp3, download
            it free, download for free, click on my, click my, like my page, like our page, like my fb, like
            us on facebook, like my facebook, add me on, add me as, follow my twitter, follow my instagram, my
            instagram is, my twitter is, my snapchat, paid promo, want promo, free promo, collab with me,
            upcoming producer, upcoming rapper, aspiring rapper, aspiring singer, aspiring musician, amateur
            rapper, young rapper, unsigned artist, independent artist, indie artist, underground artist, new
            producer, reach 100, reach 1000, reach 1k, 100 subscribers, 1000 subscribers, 100 subs, 500
            subscribers, 10 subscribers, subscriber goal, subbed to, sub back, will sub back, i'll sub, i will
            sub, i'll subscribe, i will subscribe back, return the favour, return the favor, unsubscribe from
            them, leave a like, drop a like, smash that like, hit the like, hit that like, hit subscribe, the
            subscribe button, subscribe button, show some love, show me some love, show us some love, spread
            the word, tell your friends, support my channel, support our channel, support my music, feedback
            on my, rate us, judge my, critique my, opinion on my, what you think of my, think of my music, be
            my fan, become a fan, join us on, join our community, clan is recruiting, recruiting now,
            minecraft server, gaming channel, music channel, comedy channel, vlog channel, cover channel, lets
            play channel, daily vlogs, my vlogs, my gameplay, gameplay videos, funny videos, prank videos,
            tutorials on my, amazing deals, shop now, visit this, visit the site, visit site, visit my site,
            go to this website, this site gives, this website, free money, free cash, free bitcoin*, free
            stuff, free iphone*, free ipad*, free ringtone*, free entry, free prize, cash prize, win a free,
            win free, chance to win, be a winner, you are a winner, lucky winner, selected to receive,
            congratulations you won, claim prize, claim your prize, earn extra, earn cash, earn up to, earn $,
            make cash, make $, making money, working from home, work at home, no experience needed, financial
            freedom, be your own boss, invest now, investment opportunity, binary options, crypto trading, nft
            drop, giveaway ends, enter to win, retweet to win, rt to win, follow and rt, follow and retweet,
            like and share, like and follow, share to win, tag a friend, tag three friends, cheap followers,
            buy followers, real followers, more followers, gain followers, get followers, get more followers,
            get more views, views for free, seo services, web design services, we offer, we provide best, best
            prices, best deals, lowest prices, huge discounts, big discounts, 50 off, 70 off, percent off,
            sale ends, sale now on, use promo, hot deals, limited offer, limited stock, loan offer, personal
            loans, payday loan*, debt relief, credit repair, replica watches, cheap watches, replica bags,
            cheap nike, cheap jordans, cheap ugg*, enlarge*, enlargement, single ladies, meet singles,
            hookup*, sugar daddy, sugar baby, cam girl*, adult dating, my chanel, follow me on twitter, check
            me, subscribe like, like subscribe, my promo code, my discount code, with code, use the code""",
        2: """
            subscribe, subscribed, subs, subscribers, check out, checkout, followers, for free, voucher*, gift
            card*, promotion, prize, giveaway, donate, donation*, my page, my website, my shop, my store,
            cheap, winner, please vote, rapper, thumbs up, share this with, investment, per week, call now,
            betting, adult, webcam, subscriber, mixtape, youtuber, youtubers, vlogger, petition, sponsor*,
            affiliate, jackpot, lottery, sweepstake*, raffle, freebie*, no obligation, risk free, cheats,
            generator, followback, promo code, promo codes, discount code, discount codes, cash, guaranteed,
            txt""",
        1: """
            please, plz, pls, check, visit, channels, rap, follow, free, money, help me, support me, support
            us, hey guys, hi guys, hello guys, hi everyone, hello everyone, hey everyone, everybody, just
            started, i'm new, join, register, link, site, soundcloud, facebook, instagram, twitter, snapchat,
            download, win, deal*, sale, selling, shirts, gaming, minecraft, vlog*, dream, talent*, vote, like
            if you, thumbs up if, advertis*, investor*, remix*, http, www, channel, my blog, just dropped,
            copy and paste, weight loss, best price, share my, watch my, come to my, cover, covers, beats,
            lyrics, demo""",
        0.5: """
            video, videos, music, youtube, watch, game*, app, share, everyone, guys, website, shop, buy, sell""",
    },
}
